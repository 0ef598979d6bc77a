"""Vehicles, telephones and devices."""

from table import check_hits, check_misses

VINS = [
    "«1M8GDM9AXKP042788» was sold", "VIN: «WVWZZZ1JZ3W386752»", "chassis no. «ZFA22300005556777»",
    '"vin": "«1HGCM82633A004352»"', "Fahrgestellnummer «WDB9066331S123456»".replace("Fahrgestellnummer", "Fahrgestell-Nr."),
]  # fmt: skip
NO_VINS = [
    "1M8GDM9A1KP042788", "order 12345678901234567", "ABCDEFGHJKLMNPRST", "VIN", "token 1M8GDM9AXKP0427889",
    "1M8GDM9AXKP04278O", "sha A1B2C3D4E5F6A7B8C", "finished 12345678901234567",
]  # fmt: skip
PLATES = [
    "license plate «ABC-1234»", "number plate «AB12 CDE»", "Kennzeichen: «B-AB 1234»", "plate no. «KL 07 AB 1234»",
    "matrícula «1234 BCD»", "kenteken «12-ABC-3»", "immatriculation «AB-123-CD»", "plate_number=«7ABC123»",
    "vehicle registration «LD51 OXY»", "targa «AB 123 CD»", "amtliches Kennzeichen «M-XY 99»",
]  # fmt: skip
NO_PLATES = [
    "ABC-1234", "license plate", "the plate is hot", "plate 12", "a template ABC-1234", "License: MIT",
    "number plate reader", "registration number of voters", "boilerplate: ABC 123", "plate of FOOD",
]  # fmt: skip
IMEIS = ["IMEI «49-015420-323751-8»", "imei: «490154203237518»", "handset «490154203237518»"]
NO_IMEIS = [
    "490154203237518",
    "IMEI 490154203237517",
    "imei 4901542032375180",
    "device 490154203237518.5",
]
OTHERS = {
    "IMSI": (["IMSI: «310150123456789»", "imsi=«262011234567890»"], ["310150123456789", "imsi 12", "IMSI: 910150123456789"]),
    "ICCID": (["ICCID «8991101200003204514»", "SIM «8991 1012 0000 3204 514»"], ["8991101200003204514", "ICCID 8991101200003204515", "iccid 7991101200003204514"]),
    "DEVICE_ID": (
        [
            "IDFA: «6D92078A-8246-4BA4-AE5B-76104861E7DC»", "gaid=«38400000-8cf0-11bd-b23e-10b96e40000d»",
            "android_id «9774d56d682e549c»", '"deviceId": "«6d92078a-8246-4ba4-ae5b-76104861e7dc»"',
            "serial number «C02XG2JHJGH5»", "UDID «00008030-001A35E40212802E»",
        ],
        [
            "id 6D92078A-8246-4BA4-AE5B-76104861E7DC", "request 38400000-8cf0-11bd-b23e-10b96e40000d",
            "device id", "serial number 5", "commit 9774d56d682e549c", "advertising id reset", "traceId=9774d56d682e549c",
        ],
    ),
}  # fmt: skip


def test_vins():
    check_hits(VINS, "VIN")
    check_misses(NO_VINS, "VIN")


def test_plates():
    check_hits(PLATES, "LICENSE_PLATE")
    check_misses(NO_PLATES, "LICENSE_PLATE")


def test_imeis():
    check_hits(IMEIS, "IMEI")
    check_misses(NO_IMEIS, "IMEI")


def test_other_numbers_of_devices():
    for entity, (hits, misses) in OTHERS.items():
        check_hits(hits, entity)
        check_misses(misses, entity)
