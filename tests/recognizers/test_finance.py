"""Accounts and cards. Numbers are the networks' test numbers or made up."""

from table import check_hits, check_misses

ROWS = {
    "CREDIT_CARD": (
        [
            "card «4111 1111 1111 1111»", "«2223003122003222»", "«2223 0031 2200 3222»", "«3782 822463 10005»",
            "«6304000000000000»", "«4000-0000-0000-0002»", "«6212345678901232»",
        ],
        [
            "4111 1111 1111 1112", "2223003122003223", "9999999999999995", "order 2000000000000000",
            "1700000000000", "0.4111111111111111", "x4111111111111111", "41111111111111111111",
        ],
    ),
    "CARD_EXPIRY": (
        ["exp «12/27»", "Expiry date: «01/2028»", "valid thru «09/26»", "4111 1111 1111 1111, «12/27»", "expires «03/29»"],
        ["12/27", "exp 13/27", "expires in 12/27/2024", "experience 12/27", "on 01/28 we met", "expected 10/24"],
    ),
    "CARD_CVV": (
        ["CVV «123»", "cvc: «1234»", "security code is «987»", "4111111111111111 12/27 «123»", "CVV2=«321»"],
        ["123", "CVV", "CVE 123", "code 123", "cvv12345", "security code review 12", "cid"],
    ),
    "CARD_TRACK_DATA": (
        ["«%B4111111111111111^DOE/JANE^27121010000000000000?»", "«;4111111111111111=271210100000?»"],
        ["%B4111111111111112^DOE/JANE^2712101000?", ";4111111111111112=271210100000?", ";12=27"],
    ),
    "ABA_ROUTING_NUMBER": (
        ["routing number «021000021»", "ABA: «0210-0002-1»", "RTN «026009593»", "ABA routing no. «121000358»"],
        ["021000021", "routing number 021000022", "routing table 123456789", "order 121000358", "abacus 021000021"],
    ),
    "SWIFT_CODE": (
        ["BIC «DEUTDEFF»", "SWIFT: «DEUTDEFF500»", "bic code is «NEDSZAJJXXX»", "SWIFT/BIC «CHASUS33»"],
        ["DEUTDEFF", "BIC DEUTXXFF", "swift response", "swift developer wanted", "bicycle DEUTDEFF", "BIC is needed"],
    ),
    "UK_SORT_CODE": (
        ["sort code «12-34-56»", "Sort Code: «123456»", "«20-00-00» 55779911", "sort code «20 00 00»"],
        ["12-34-56", "sort the codes 12-34-56", "sort code 12-34", "dated 20-01-02", "sort code 12-3456"],
    ),
    "BANK_ACCOUNT_NUMBER": (
        [
            "account number: «12345678»", "Acct no. «000123-456789»", "Kontonummer «1234567»",
            "sort code 20-00-00, account «55779911»", "checking account #«9876543210»", "a/c no «12345678»",
        ],
        ["12345678", "account 12345678", "account number", "accounts 12345678", "account number of 12 users", "acct"],
    ),
    "GEO_COORDINATES": (
        [
            "lat: «40.7128», lon: «-74.0060»", "GPS «40.7128, -74.0060»", "geo:«48.2010,16.3695»", "«40.7128° N, 74.0060° W»",
            "«40° 26′ 46″ N 79° 58′ 56″ W»", "https://maps.google.com/?q=«40.7128,-74.0060»",
            '{"type":"Point","coordinates":[«-74.0060,40.7128»]}', "POINT(«-74.0060 40.7128»)", '"latitude": «48.2010»',
            "https://www.google.com/maps/@«48.8583701,2.2922926»,17z", "coordinates: «(48.858, 2.294)»".replace("«(", "(«").replace(")»", "»)"),
        ],
        [
            "40.7128, -74.0060", "[0.4967, -0.1382]", "latency: 40.7128", "lat: 240.7128", "flat: 3.1415", "geo: none",
            "version 40.71.28", "position 3.14", "point(3.1, 4)", "translate: 40.7128", "coordinates",
        ],
    ),
}  # fmt: skip


def test_money_and_places():
    for entity, (hits, misses) in ROWS.items():
        check_hits(hits, entity)
        check_misses(misses, entity)
