<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"
           xmlns="http://www.opengis.net/citygml/2.0">
    <cityObjectMember>
        <imgeo:OpenbareRuimteLabel gml:id="blabel">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.label</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <imgeo:identificatieBAGOPR>0999300000000001</imgeo:identificatieBAGOPR>
            <imgeo:openbareRuimteNaam>
                <imgeo:Label>
                    <imgeo:tekst>Keistraat</imgeo:tekst>
                    <imgeo:positie>
                        <imgeo:Labelpositie>
                            <imgeo:plaatsingspunt><gml:Point><gml:pos>155030.000 463023.000</gml:pos></gml:Point></imgeo:plaatsingspunt>
                            <imgeo:hoek>0.0</imgeo:hoek>
                        </imgeo:Labelpositie>
                    </imgeo:positie>
                </imgeo:Label>
            </imgeo:openbareRuimteNaam>
        </imgeo:OpenbareRuimteLabel>
    </cityObjectMember>
</CityModel>
