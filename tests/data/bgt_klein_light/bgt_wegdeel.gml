<?xml version='1.0' encoding='UTF-8'?>
<gml:FeatureCollection xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31" xmlns:gml="http://www.opengis.net/gml">
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="brijbaan">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.rijbaan</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155000 463020 155060 463020 155060 463026 155000 463026 155000 463020</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="bhalfrond">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.halfrond</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>voetgangersgebied</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:Ring>
              <gml:curveMember>
                <gml:Curve>
                  <gml:segments>
                    <gml:Arc>
                      <gml:posList>155010.000 463000.000 155000.000 463010.000 154990.000 463000.000</gml:posList>
                    </gml:Arc>
                    <gml:LineStringSegment>
                      <gml:posList>154990.000 463000.000 155010.000 463000.000</gml:posList>
                    </gml:LineStringSegment>
                  </gml:segments>
                </gml:Curve>
              </gml:curveMember>
            </gml:Ring>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="bvak">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.vak</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>parkeervlak</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155000 463026 155006 463026 155006 463028 155000 463028 155000 463026</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="bstoep">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.stoep</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>voetpad</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155006 463026 155060 463026 155060 463028 155006 463028 155006 463026</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
          <gml:interior>
            <gml:LinearRing>
              <gml:posList>155020 463026.5 155021 463026.5 155021 463027.5 155020 463027.5 155020 463026.5</gml:posList>
            </gml:LinearRing>
          </gml:interior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="bvroeger">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:eindRegistratie>2021-05-05T10:00:00</imgeo-s:eindRegistratie>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.vroeger</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155000 463020 155060 463020 155060 463030 155000 463030 155000 463020</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="btunnel">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>-1</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.tunnel</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155000 463040 155060 463040 155060 463050 155000 463050 155000 463040</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:Wegdeel gml:id="bstrik">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.strik</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-functie>voetpad</imgeo-s:bgt-functie>
      <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
      <imgeo-s:geometrie2d>
        <gml:Polygon>
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>155070 463000 155080 463010 155080 463000 155070 463010 155070 463000</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </imgeo-s:geometrie2d>
    </imgeo-s:Wegdeel>
  </gml:featureMember>
</gml:FeatureCollection>