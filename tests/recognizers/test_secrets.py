"""Keys, tokens, passwords, cookies. Values are random; prefixes are joined here, so that no scanner
of anybody takes this file for a leak."""

import base64
import json
import random
import string

import pytest
from table import check_hits, check_misses, found

from recognizers.validators.secrets import entropy, jwt, random_token

ALNUM = string.ascii_letters + string.digits
rng = random.Random(7)


def chars(count, alphabet=ALNUM):
    return "".join(rng.choice(alphabet) for _ in range(count))


def hexes(count):
    return chars(count, "0123456789abcdef")


def made_jwt(header='{"alg":"HS256","typ":"JWT"}'):
    parts = (header, '{"sub":"1234567890","name":"J"}', chars(32))
    return ".".join(base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts)


# name -> type, a key of that shape, and one that is not
ISSUED = {
    "aws id": ("AWS_ACCESS_KEY", "AKIA" + chars(16, string.ascii_uppercase + "234567"), "AKIA" + chars(12, string.ascii_uppercase)),
    "github": ("GITHUB_TOKEN", "ghp_" + chars(36), "ghp_" + chars(12)),
    "github fine": ("GITHUB_TOKEN", "github_pat_" + chars(22) + "_" + chars(59), "github_pat_" + chars(6)),
    "slack": ("SLACK_TOKEN", "xoxb-" + chars(12, string.digits) + "-" + chars(24), "xoxb-your-token-here"),
    "jwt": ("JWT", made_jwt(), made_jwt('{"no":1}')),
    "google": ("API_KEY", "AIza" + chars(35), "AIza" + chars(20)),
    "google oauth": ("API_KEY", "GOCSPX-" + chars(28), "GOCSPX-short"),
    "google access": ("API_KEY", "ya29." + chars(60), "ya29.x"),
    "azure client": ("API_KEY", chars(3) + "8Q~" + chars(32), "Q~" + chars(5)),
    "gitlab": ("API_KEY", "glpat-" + chars(20), "glpat-x"),
    "stripe": ("API_KEY", "sk_" + "live_" + chars(24), "sk_" + "live_"),
    "stripe webhook": ("API_KEY", "whsec_" + chars(32), "whsec_x"),
    "openai": ("API_KEY", "sk-" + "proj-" + chars(60), "sk-" + "proj-name"),
    "openai old": ("API_KEY", "sk-" + chars(20) + "T3BlbkFJ" + chars(20), "sk-learn-contrib"),
    "anthropic": ("API_KEY", "sk-ant-" + "api03-" + chars(90), "sk-ant-api"),
    "sendgrid": ("API_KEY", "SG." + chars(22) + "." + chars(43), "SG.x.y"),
    "twilio": ("API_KEY", "SK" + hexes(32), "SK" + hexes(12)),
    "mailgun": ("API_KEY", "key-" + hexes(32), "key-board"),
    "npm": ("API_KEY", "npm_" + chars(36), "npm_config_registry"),
    "pypi": ("API_KEY", "pypi-AgE" + chars(80), "pypi-server"),
    "hugging face": ("API_KEY", "hf_" + chars(34, string.ascii_letters), "hf_hub_download"),
    "telegram": ("API_KEY", chars(9, "123456789") + ":AA" + chars(33), "123456789:AAB"),
    "discord": ("API_KEY", "M" + chars(23) + "." + chars(6) + "." + chars(27), "Module.attr.name"),
    "databricks": ("API_KEY", "dapi" + hexes(32), "dapi"),
    "vault": ("API_KEY", "hvs." + chars(24), "hvs.x"),
    "docker": ("API_KEY", "dckr_" + "pat_" + chars(27), "dckr_x"),
    "shopify": ("API_KEY", "shpat_" + hexes(32), "shpat_x"),
    "groq": ("API_KEY", "gsk_" + chars(52), "gsk_x"),
    "replicate": ("API_KEY", "r8_" + chars(37), "r8_x"),
}  # fmt: skip


@pytest.mark.parametrize("name", ISSUED)
def test_issued_keys(name):
    entity, good, bad = ISSUED[name]
    for frame in ("{}", "key {} end", '"{}"', "x={}&y=1", "Failed: {}, retrying", "<{}>"):
        assert good in found(frame.format(good), entity), frame
    assert not found(f"see {bad} there", entity)
    assert not found(f"see {good[:4]} there", entity)
    assert not found(f"a{good}", entity)  # embedded in a longer word


def test_aws_secret_and_azure_storage():
    secret, storage = chars(39) + "7", chars(86, ALNUM + "+/") + "=="
    check_hits(
        [
            f"aws_secret_access_key = «{secret}»", f'"SecretAccessKey": "«{secret}»"', f"secretAccessKey=«{secret}»",
        ], "AWS_ACCESS_KEY",
    )  # fmt: skip
    assert found(f"AccountName=x;AccountKey={storage};EndpointSuffix=core", "API_KEY") == [storage]
    sas = "https://x.blob.core.windows.net/c?sv=2022&sig=" + chars(43) + "%3D&se=2026"
    assert found(sas, "API_KEY")
    check_misses(
        [f"sha256 {hexes(40)}", f"commit {secret}", "aws_secret_access_key = os.environ['X']"],
        "AWS_ACCESS_KEY",
    )


def test_service_accounts_and_pem():
    body = "\n".join(chars(64) for _ in range(4))
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"
    assert found(f"key:\n{pem}\nend", "PRIVATE_KEY") == [pem]
    account = json.dumps(
        {"type": "service_account", "private_key_id": hexes(40), "private_key": pem}
    )
    assert found(account, "API_KEY") == [json.loads(account)["private_key_id"]]
    assert found(account, "PRIVATE_KEY") == [account[account.index("-----BEGIN") : -2]]
    assert found(pem[:120], "PRIVATE_KEY") == [pem[:120]]  # cut off: all of the rest
    check_misses(
        [
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----",
            'if text.startswith("-----BEGIN PRIVATE KEY-----"):', "BEGIN PRIVATE KEY",
        ], "PRIVATE_KEY",
    )  # fmt: skip


def test_webhooks():
    slack = (
        "T"
        + chars(9, string.ascii_uppercase)
        + "/B"
        + chars(9, string.ascii_uppercase)
        + "/"
        + chars(24)
    )
    assert found(f"https://hooks.slack.com/services/{slack}", "SLACK_TOKEN") == [slack]
    hook = chars(68)
    assert found(f"https://discord.com/api/webhooks/123456789012345678/{hook}", "API_KEY") == [hook]


PASSWORDS = [
    "password=«hunter2»", "password=«letmein»", "PASSWORD='«Tr0ub4dor&3»'", 'password: "«correct horse battery»"', "passwd=«s3cret!x»;",
    '{"password": "«hunter2»"}', "password => '«hunter2»'", "DB_PASSWORD=«x9Skdjf8»", "export PGPASSWORD=«x9Skdjf8»",
    "spring.datasource.password=«x9Skdjf8»", "password: «swordfish7»", "  password: «swordfish»", "db.pass=«qwertz12»",
    "mysqladmin --password «x9Skdjf8» status", "--password=«x9Skdjf8»", "--db-password '«x9Skdjf8»'", "mysql -u bob -p«x9Skdjf8» db",
    "sshpass -p «x9Skdjf8» ssh a@b", "curl -u bob:«x9Skdjf8» https://h", "redis-cli -a «x9Skdjf8»",
    "Server=db;User Id=bob;Password=«x9Skdjf8»;", "Server=db;Uid=bob;Pwd=«x9Skdjf8»;", "jdbc:mysql://h/db?user=bob&password=«x9Skdjf8»",
    "postgres://bob:«x9Skdjf8»@db/x", "mongodb+srv://bob:«p@ss»".replace("«p@ss»", "«p%40ss»") + "@c.example.net", "redis://:«x9Skdjf8»@h:6379/0",
    "amqp://bob:«x9Skdjf8»@h", "https://bob:«x9Skdjf8»@example.com/a", "jdbc:oracle:thin:scott/«tiger»@//h:1521/x",
    "<password>«hunter2»</password>", "the password is «hunter2», change it", "Passwort: «Geheim1!»", "contraseña: «Clave123»",
    "PIN: «4711»", "new password is «Winter2024!»".replace("!»", "»"), "os.environ['PASSWORD'] = '«hunter2»'", "PASS «x9Skdjf8»",
    "Authorization: Bearer «abc123def456»", 'authorization: "Token «9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b»"',
    "Authorization: Basic «YWxpY2U6aHVudGVyMg==»", "Bearer «abcdefghij1234567890»", "curl -H 'Authorization: Bearer «tok_1234567»'",
    "smbclient -U bob%«x9Skdjf8» //h/s", "url?password=«x9Skdjf8»&a=1", "setPassword(\"x\"); password:\"«hunter2»\"",
]  # fmt: skip
NO_PASSWORDS = [
    "password=None", "password=password", "password = getpass.getpass()", "password: str", "password: Optional[str] = None",
    "self.password = password", "password=self._password,", "password=args.password", "password=${DB_PASS}", "password=<your password>",
    'password="{{ password }}"', "password: ********", 'password=""', "password=os.environ['X']", "password is required",
    "password must be changed", "forgot password?", "password: The password to use", "passwordField = new JPasswordField()",
    "reset_password(user)", "bypass=1", "compass: north", "passed: 12", "password=xxxxxxxx", "password=%s", "password = config.password",
    "enter your password:", "tests passed=12", "Bearer token", "Authorization: Bearer <token>", "Authorization: Bearer $TOKEN",
    "Basic authentication", "Basic knowledge12", "mysql -p", "mysql --port 3306", "https://example.com:8080/a@b", "http://user@host",
    "password_hash", "password policy", "PIN code", "pin: 12", "password.length > 8", "password: [REDACTED]", "no password set",
]  # fmt: skip
KEYS = [
    "api_key=«a8f5f167f44f4964e6c998dee827110c»", 'apikey: "«Zx81kLm20PqRs»"', "x-api-key: «a8f5f167f44f»", '"client_secret": "«dfhk-39dk-39fk-22»"',
    "token=«9f86d081884c7d65»", "access_token=«EAACEdEose0cBA1234»&x=1", "SECRET_KEY='«django-insecure-8a$k2l9@x»'", "--token «abc123def456»",
    "refresh_token: «1f8a9b7c6d5e4f»", 'auth_token => "«q1w2e3r4t5»"', "signing_key=«bXlzZWNyZXRrZXkxMjM0NTY=»", "encryption_key: «9f86d081884c7d659a2feaa0c55ad015»",
]  # fmt: skip
NO_KEYS = [
    "token = self.next_token", "token: Token", "api_key=os.getenv('API_KEY')", 'api_key="your-api-key"', "token=None", "secret: bytes",
    "tokens=128", "max_tokens: 4096", "token_id=5", "access_token=<token>", "commit a8f5f167f44f4964e6c998dee827110c", "sha256:9f86d081884c7d659a2feaa0c55ad015",
    "etag: 9f86d081884c7d659a2feaa0c55ad015", "id=550e8400-e29b-41d4-a716-446655440000", '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg"',
    "key=value", "tokenizer=bert-base-uncased", "secret_name: my-secret", "the api key is", "api_key: str = Field(...)", "token=token1",
    "checksum: a8f5f167f44f4964e6c998dee827110c", "session 12", "x-request-id: a8f5f167f44f4964e6c998dee827110c",
]  # fmt: skip
COOKIES = [
    "Set-Cookie: sid=«31d4d96e407aad42»; Path=/; HttpOnly", "Cookie: «theme=light; sessionToken=abc123»", '"Cookie": "«a=bcd12»"',
    "set-cookie: __Host-x=«YWJj.ZGVm»; Secure",
]  # fmt: skip
NO_COOKIES = [
    "cookie: none",
    "cookies=True",
    "Set-Cookie header",
    "cookie policy",
    "cookiejar = CookieJar()",
    "Cookie:",
    "cookie=cookie",
]
SESSIONS = [
    "JSESSIONID=«1A530637289A03B07199A44E8D531427»", "PHPSESSID=«u2vgp5k8s2l1q8m4n6»", "connect.sid=«s%3Aabc123def456.ghi»",
    "session_id: «550e8400-e29b-41d4-a716-446655440000»", "ASP.NET_SessionId=«lit3py55t21z5v55vlm25s55»", "session «9f86d081884c7d659a2feaa0c55ad015» expired",
    "csrfmiddlewaretoken=«aB3dE6gH9jK2mN5p»",
]  # fmt: skip
NO_SESSIONS = [
    "session=5",
    "session_id=None",
    "session id",
    "session opened",
    "sessionid",
    "user session 12 started",
    "sid=12",
    "session_id = session.get_id()",
]


def test_passwords():
    check_hits(PASSWORDS, "PASSWORD")
    check_hits(PASSWORDS, "PASSWORD", policy="logs", by_line=True)
    check_misses(NO_PASSWORDS, "PASSWORD")


def test_keys():
    check_hits(KEYS, "API_KEY")
    check_misses(NO_KEYS, "API_KEY")


def test_cookies_and_sessions():
    check_hits(COOKIES, "COOKIE")
    check_misses(NO_COOKIES, "COOKIE")
    check_hits(SESSIONS, "SESSION_ID")
    check_misses(NO_SESSIONS, "SESSION_ID")


def test_random_strings_are_told_from_words():
    assert entropy("aaaa") == 0 and entropy("abcd") == 2
    assert sum(random_token(chars(32)) is None for _ in range(500)) >= 480
    assert all(random_token(hexes(32)) is None for _ in range(200))
    for text in (
        "550e8400-e29b-41d4-a716-446655440000", "next_token_from_server_response", "production-database-key-name",
        "aaaaaaaaaaaaaaaaaaaaaaaa1", "your-secret-key-goes-here", "1234567890123456789012",
    ):  # fmt: skip
        assert random_token(text) is False
    assert jwt(made_jwt()) and not jwt("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0")
