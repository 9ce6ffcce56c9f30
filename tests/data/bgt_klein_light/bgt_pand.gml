<?xml version='1.0' encoding='UTF-8'?>
<gml:FeatureCollection xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31" xmlns:gml="http://www.opengis.net/gml">
  <gml:featureMember>
    <imgeo-s:Pand gml:id="bhuis">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.huis</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:identificatieBAGPND>0999100000000001</imgeo-s:identificatieBAGPND>
      <imgeo-s:nummeraanduidingreeks_1.tekst>12-14</imgeo-s:nummeraanduidingreeks_1.tekst>
      <imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
        <gml:Point>
          <gml:pos>155005.000 463035.000</gml:pos>
        </gml:Point>
      </imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
      <imgeo-s:nummeraanduidingreeks_1.positie_1.hoek>-30.5</imgeo-s:nummeraanduidingreeks_1.positie_1.hoek>
      <imgeo-s:geometrie2d>
        <gml:MultiSurface>
          <gml:surfaceMember>
            <gml:Polygon>
              <gml:exterior>
                <gml:LinearRing>
                  <gml:posList>155000 463030 155010 463030 155010 463040 155000 463040 155000 463030</gml:posList>
                </gml:LinearRing>
              </gml:exterior>
            </gml:Polygon>
          </gml:surfaceMember>
        </gml:MultiSurface>
      </imgeo-s:geometrie2d>
    </imgeo-s:Pand>
  </gml:featureMember>
</gml:FeatureCollection>