<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"
           xmlns="http://www.opengis.net/citygml/2.0">
    <cityObjectMember>
        <SolitaryVegetationObject xmlns="http://www.opengis.net/citygml/vegetation/2.0" gml:id="bboom1">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.boom1</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <class codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#TypeVegetatieObject">niet-bgt</class>
            <imgeo:plus-type codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#TypeVegetatieObjectPlus">boom</imgeo:plus-type>
            <imgeo:geometrie2dVegetatieObject><gml:Point srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>155000.000 463000.000</gml:pos></gml:Point></imgeo:geometrie2dVegetatieObject>
        </SolitaryVegetationObject>
    </cityObjectMember>
    <cityObjectMember>
        <SolitaryVegetationObject xmlns="http://www.opengis.net/citygml/vegetation/2.0" gml:id="bboom2">
            <creationDate xmlns="http://www.opengis.net/citygml/2.0">2020-01-01</creationDate>
            <imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>
            <imgeo:inOnderzoek>false</imgeo:inOnderzoek>
            <imgeo:tijdstipRegistratie>2020-01-01T10:00:00.000</imgeo:tijdstipRegistratie>
            <imgeo:identificatie>
                <imgeo:NEN3610ID>
                    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
                    <imgeo:lokaalID>G9999.boom2</imgeo:lokaalID>
                </imgeo:NEN3610ID>
            </imgeo:identificatie>
            <imgeo:bronhouder>G9999</imgeo:bronhouder>
            <imgeo:bgt-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#Status">bestaand</imgeo:bgt-status>
            <class codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#TypeVegetatieObject">niet-bgt</class>
            <imgeo:plus-type codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#TypeVegetatieObjectPlus">boom</imgeo:plus-type>
            <imgeo:geometrie2dVegetatieObject><gml:Point srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>155040.000 463027.000</gml:pos></gml:Point></imgeo:geometrie2dVegetatieObject>
        </SolitaryVegetationObject>
    </cityObjectMember>
</CityModel>
