<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"
           xmlns="http://www.opengis.net/citygml/2.0">
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="brijbaan">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.rijbaan</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">rijbaan: lokale weg</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155000 463020 155060 463020 155060 463026 155000 463026 155000 463020</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="bhalfrond">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.halfrond</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">voetgangersgebied</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:Arc><gml:posList srsDimension="2">155010.000 463000.000 155000.000 463010.000 154990.000 463000.000</gml:posList></gml:Arc><gml:LineStringSegment><gml:posList srsDimension="2">154990.000 463000.000 155010.000 463000.000</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="bvak">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.vak</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">parkeervlak</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155000 463026 155006 463026 155006 463028 155000 463028 155000 463026</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="bstoep">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.stoep</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">voetpad</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155006 463026 155060 463026 155060 463028 155006 463028 155006 463026</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList srsDimension="2">155020 463026.5 155021 463026.5 155021 463027.5 155020 463027.5 155020 463026.5</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="bvroeger">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:eindRegistratie>2021-05-05T10:00:00</imgeo:eindRegistratie>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.vroeger</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">rijbaan: lokale weg</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155000 463020 155060 463020 155060 463030 155000 463030 155000 463020</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="btunnel">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>-1</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.tunnel</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">rijbaan: lokale weg</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155000 463040 155060 463040 155060 463050 155000 463050 155000 463040</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
    <cityObjectMember>
        <TrafficArea xmlns="http://www.opengis.net/citygml/transportation/2.0" gml:id="bstrik">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.strik</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <function codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FunctieWeg">voetpad</function>
            <surfaceMaterial codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#FysiekVoorkomenWeg">open verharding</surfaceMaterial>
            <imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">155070 463000 155080 463010 155080 463000 155070 463010 155070 463000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel>
        </TrafficArea>
    </cityObjectMember>
</CityModel>
