<?xml version='1.0' encoding='UTF-8'?>
<gml:FeatureCollection xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31" xmlns:gml="http://www.opengis.net/gml">
  <gml:featureMember>
    <imgeo-s:VegetatieObject gml:id="bboom1">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.boom1</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
      <imgeo-s:plus-type>boom</imgeo-s:plus-type>
      <imgeo-s:geometrie2d>
        <gml:Point>
          <gml:pos>155000.000 463000.000</gml:pos>
        </gml:Point>
      </imgeo-s:geometrie2d>
    </imgeo-s:VegetatieObject>
  </gml:featureMember>
  <gml:featureMember>
    <imgeo-s:VegetatieObject gml:id="bboom2">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.boom2</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
      <imgeo-s:plus-type>boom</imgeo-s:plus-type>
      <imgeo-s:geometrie2d>
        <gml:Point>
          <gml:pos>155040.000 463027.000</gml:pos>
        </gml:Point>
      </imgeo-s:geometrie2d>
    </imgeo-s:VegetatieObject>
  </gml:featureMember>
</gml:FeatureCollection>