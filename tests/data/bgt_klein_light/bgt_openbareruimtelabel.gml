<?xml version='1.0' encoding='UTF-8'?>
<gml:FeatureCollection xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31" xmlns:gml="http://www.opengis.net/gml">
  <gml:featureMember>
    <imgeo-s:OpenbareRuimteLabel gml:id="blabel">
      <imgeo-s:objectBeginTijd>2020-01-01</imgeo-s:objectBeginTijd>
      <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
      <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
      <imgeo-s:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo-s:tijdstipRegistratie>
      <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
      <imgeo-s:identificatie.lokaalID>G9999.label</imgeo-s:identificatie.lokaalID>
      <imgeo-s:bronhouder>G9999</imgeo-s:bronhouder>
      <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
      <imgeo-s:identificatieBAGOPR>0999300000000001</imgeo-s:identificatieBAGOPR>
      <imgeo-s:openbareRuimteNaam.tekst>Keistraat</imgeo-s:openbareRuimteNaam.tekst>
      <imgeo-s:openbareRuimteNaam.positie_1.plaatsingspunt>
        <gml:Point>
          <gml:pos>155030.000 463023.000</gml:pos>
        </gml:Point>
      </imgeo-s:openbareRuimteNaam.positie_1.plaatsingspunt>
      <imgeo-s:openbareRuimteNaam.positie_1.hoek>0.0</imgeo-s:openbareRuimteNaam.positie_1.hoek>
    </imgeo-s:OpenbareRuimteLabel>
  </gml:featureMember>
</gml:FeatureCollection>