<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"
           xmlns="http://www.opengis.net/citygml/2.0">
    <cityObjectMember>
        <BuildingPart xmlns="http://www.opengis.net/citygml/building/2.0" gml:id="bhuis">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.huis</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <imgeo:identificatieBAGPND>0999100000000001</imgeo:identificatieBAGPND>
            <imgeo:nummeraanduidingreeks>
                <imgeo:Nummeraanduidingreeks>
                    <imgeo:nummeraanduidingreeks>
                        <imgeo:Label>
                            <imgeo:tekst>12-14</imgeo:tekst>
                            <imgeo:positie>
                                <imgeo:Labelpositie>
                                    <imgeo:plaatsingspunt><gml:Point><gml:pos>155005.000 463035.000</gml:pos></gml:Point></imgeo:plaatsingspunt>
                                    <imgeo:hoek>-30.5</imgeo:hoek>
                                </imgeo:Labelpositie>
                            </imgeo:positie>
                        </imgeo:Label>
                    </imgeo:nummeraanduidingreeks>
                </imgeo:Nummeraanduidingreeks>
            </imgeo:nummeraanduidingreeks>
            <imgeo:geometrie2dGrondvlak><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155000 463030 155010 463030 155010 463040 155000 463040 155000 463030</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo:geometrie2dGrondvlak>
        </BuildingPart>
    </cityObjectMember>
</CityModel>
