"""Street addresses and postcodes. All addresses are made up."""

from table import check_hits, check_misses

STREETS = [
    "I live at «12 North Oak Street» now",
    "Send it to «4711 Elm Ave Apt 12B» please",
    "«0857 Jennifer Greens Apt. 845»",
    "at «221B Baker Street, 2nd floor», ask for Tom",
    "«350 W 42nd St» and «1600 Broadway»",
    "our office: «77 Massachusetts Ave, Suite 400»",
    "«123 MAIN ST» was sold",
    "he moved to «9800 Old County Road 12» in May",
    "«88 5th Avenue» is near",
    "address: «402 Willow Creek»",
    "Flat 7, «10 Downing Street» is wrong".replace("Flat 7, «", "«Flat 7, "),
    "«3/12 King Street», Surry Hills",
    "ship to «455 sunset boulevard apt 3»",
    "«RR 2 Box 152» and «PSC 1234, Box 5678»",
    "«12/4, Gandhi Nagar» is close",
    # German, Austrian, Swiss
    "wohnt in der «Musterstraße 12a», 3. Stock",
    "«Berliner Str. 5, 10115 Berlin»",
    "«Am Alten Markt 3, 50667 Köln»",
    "«Hauptplatz 1, A-8010 Graz»",
    "«Neuer Wall 10, 20354 Hamburg» ist die Anschrift",
    # French
    "habite au «12 rue de la Paix, 75002 Paris»",
    "«3 bis avenue Victor Hugo»",
    "«14, boulevard Saint-Michel, 75005 Paris Cedex 05»",
    "«5 place du Marché»",
    # Spanish
    "vive en la «Calle de Alcalá 12, 3º B, 28014 Madrid»",
    "«C/ Mayor, 5»",
    "«Avda. de la Constitución 20»",
    "«Cra. 7 No. 71-21» en Bogotá",
    # Italian
    "abita in «Via Roma 12/A, 00184 Roma (RM)»",
    "«Piazza della Repubblica, 5»",
    # Dutch
    "woont op «Kerkstraat 12-III, 1017 GC Amsterdam»",
    "«Prins Hendrikkade 33»",
    # Polish
    "mieszka przy «ul. Kwiatowej 12/3, 00-123 Warszawa»",
    "«al. Jerozolimskie 54»",
    # Portuguese, Swedish, Danish
    "mora na «Rua Augusta, 1500»",
    "bor på «Storgatan 12, 111 22 Stockholm»",
    "bor på «Nørregade 5»",
    # boxes and care of
    "mail «P.O. Box 1234» or «PO Box 55»",
    "«Postfach 12 34 56», «Apartado de Correos 91», «Postbus 123»",
    "«c/o Anna Meyer», Hauptstraße".replace(", Hauptstraße", " bitte"),
]
TAILS = [
    "in «Springfield, IL 62704»",
    "near «New Sarah, MA 12345-6789, USA»",
    "«Chicago IL 60601» is windy",
    "«FPO AP 96691»",
    "in «Toronto, ON M5V 2T6»",
    "in «Sydney NSW 2000»",
    "aus «Leeds, LS1 4AP»",
    "at «Dublin 2, D02 X285»",
    "at «Bengaluru - 560001» and «New Delhi 110 001»",
    "«Flat No. 302, Sai Residency, MG Road, Kothrud, Pune 411038»",
    "«Rose Cottage, Church Lane, Little Snoring, Norfolk, NR21 0HX»",
]
NO_STREETS = [
    "version 12 North America release",
    "3 Easy Ways to cook", "2 Factor auth and 5 Minute drive", "a 5 minute drive", "10 mile road trip",
    "24 Hour News", "1 Data Point", "2 lane road", "order 12345 Shipped via Express",
    "in 2019 Street View was", "100 Years of Solitude",
    "Python 3.8 St", "the 5 th street", "12 Angry Men", "via Python 3", "Via Django 3.2",
    "The Verkäufer 12", "Spring 3 release", "Parkplatz 14 ist frei", "Am Montag 12 Uhr",
    "Im Januar 2020 15000 Besucher", "route 53 in the table", "1 place holder", "Calle is a word",
    "str. 5", "substr 5, 12345 Foo", "page 12 of the Place", "10.5 Main Street".replace(" Main Street", " Main"),
    "x = 12 or Court", "$12 Million Drive", "Box 12", "the PO box", "BPM 120", "c/o",
    "Section 12 of the Act", "St. John 3 16", "ID, 12345", "12 of the Place",
]  # fmt: skip
CODES = [
    "ZIP: «12345-6789»", "zip code is «90210»", 'postal_code="«80331»"', "Postcode: «SW1A 1AA»",
    "PLZ «10115»", "code postal : «75002»", "Postal code «K1A 0B1»", "pincode: «560 001»",
    "CEP: «01310-200»", "she lives in a small town, postcode «NR21 0HX»", "postnummer «111 22»",
    "kod pocztowy «00-123»", "TX «75001-1234»",
]  # fmt: skip
NO_CODES = [
    "order 12345", "HTTP 90210", "file.zip 12345", "zip file of 12345 bytes", "zipcode", "PLZ",
    "error A1 2BC", "build 80331", "port: 8080", "unzip 12345", "K1A-0B1", "chip code 12345",
]  # fmt: skip


def test_streets():
    check_hits(STREETS, "STREET_ADDRESS")
    check_misses(NO_STREETS, "STREET_ADDRESS")


def test_cities_with_codes():
    check_hits(TAILS, "STREET_ADDRESS")


def test_postcodes():
    check_hits(CODES, "ZIP_CODE")
    check_misses(NO_CODES, "ZIP_CODE")
