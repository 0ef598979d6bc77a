"""User names and hosts named after people. All of them are made up."""

from table import check_hits, check_misses

LINES = [
    # OpenSSH, PAM, sudo, su, cron, logind, login, shadow-utils
    "Mar  1 10:00:01 web1 sshd[411]: Accepted password for «jsmith» from 203.0.113.7 port 5022 ssh2",
    "Mar  1 10:00:01 web1 sshd[411]: Failed password for invalid user «okaforа» from".replace("okaforа", "okafor") + " 203.0.113.7 port 5022 ssh2",
    "sshd[411]: Invalid user «tkowalski» from 203.0.113.7",
    "sshd[411]: Connection closed by authenticating user «lmeyer» 203.0.113.7 port 41 [preauth]",
    "sshd[411]: Disconnected from user «p.nair» 203.0.113.7 port 41",
    "sshd[411]: Accepted publickey for «deploybot7» from 2001:db8::7 port 41 ssh2: RSA SHA256:abc",
    "sshd[9]: pam_unix(sshd:session): session opened for user «annak»(uid=1000) by (uid=0)",
    "sshd[9]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=«xq17»",
    "su: pam_unix(su:session): session closed for user «jdoe2»",
    "sudo:   «mbauer» : TTY=pts/0 ; PWD=/home/«mbauer» ; USER=root ; COMMAND=/bin/ls",
    "sudo[991]: «mbauer» : TTY=pts/0 ; PWD=/ ; USER=«kfrei» ; COMMAND=/bin/ls",
    "su[123]: (to root) «hduarte» on pts/1",
    "su: Successful su for root by «hduarte»",
    "CRON[881]: («ysato») CMD (/usr/bin/php /var/www/cron.php)",
    "crond[881]: («ysato») RELOAD (/var/spool/cron/«ysato»)",
    "systemd-logind[601]: New session 12 of user «ysato».",
    "systemd[1]: Started Session 31 of user «ysato».",
    "systemd[1]: Created slice User Slice of «ysato».",
    "login[55]: LOGIN ON tty1 BY «ysato»",
    "useradd[77]: new user: name=«thale», UID=1001, GID=1001, home=/home/«thale», shell=/bin/bash",
    "userdel[77]: delete user '«thale»'",
    "passwd[12]: password changed for «thale»",
    'type=USER_LOGIN msg=audit(1700000000.1:55): pid=1 uid=0 auid=«ines» ses=1 msg=\'op=login acct="«ines»" exe="/usr/sbin/sshd"\'',
    # keys
    "user=«alice» action=login", "username='«alice.smith»'", 'login="«smithj»"', "suser=«jsmith» duser=«tbrown»",
    '{"user": "«jsmith»", "level": "info"}', "{'userName': '«anna_k»'}", '"login":"«okafora»"', '"created_by": "«t.hale»"',
    '"preferred_username":"«ines.duarte»"', "User: «jsmith»", "Username: «jsmith», domain x", "user_name=«mueller_t»",
    "userid=«a123456x»", "owner=«lmeyer»", "assigned_to=«lmeyer»", "?user=«jsmith»&x=1",
    # folders
    "open /home/«jsmith»/.ssh/config", "at /Users/«annak»/src/app.py:31", r"C:\Users\«Jane.Roe»\AppData\Local", r"c:\\Users\\«jroe»\\file",
    "C:/Users/«jroe»/x.txt", "/var/mail/«jsmith»", "/mnt/c/Users/«jroe»/a", r"C:\Users\«Jane Roe»\Desktop", "in /home/«jsmith»",
    # Windows
    r"logged on as «CORP\jsmith» today", r"Account: «CONTOSO\t.hale»", "Account Name:\t\t«jsmith»",
    '<Data Name="TargetUserName">«jsmith»</Data>', r"user=«EMEA\lmeyer»",
    # commands, URLs, web servers
    "ssh «jsmith»@web1.example.internal", "scp a.txt «annak»@web1:/tmp", "mysql -u «annak» -p", "curl --user «annak»:x http://h",
    "ftp://«annak»:pw@ftp.example.com/a", "203.0.113.7 - «jsmith» [10/Oct/2023:13:55:36 +0000] \"GET / HTTP/1.0\" 200 2326",
    # names alone
    "user jsmith logged in".replace("jsmith", "«jsmith»"), "«john.smith» logged out", "assigned to «t.hale»", "approved by «okafora»",
    "«pnair» has joined #ops", "closed by «lmeyer» yesterday", "login for «jane.roe» failed".replace("login for ", "login "),
    "reviewer: «asmith»", "thanks @«jsmith»!",
]  # fmt: skip
NOT_LINES = [
    "sshd[411]: Accepted password for root from 203.0.113.7 port 5022 ssh2", "session opened for user root by (uid=0)",
    "user=None", "username=username", "self.user = user", "user=User(name)", "user=1001", "user = request.user",
    "user: the person who logs in", "User: optional", "login=True", "owner=root", '"user": "admin"', '"user": null', '"owner": "system"',
    "/home/ubuntu/app", "/home/user/x", "https://example.com/home/products", "/usr/home.html", "go /home page", r"C:\Users\Public\x",
    r"C:\WINDOWS\system32", r"HKLM\SOFTWARE\Microsoft", r"print(r'ERROR\nmessage')", r"NT AUTHORITY\SYSTEM",
    "for user in users", "by default", "by the user", "user guide", "user must log in", "logged in by mistake", "created by running",
    "login page", "account balance", "by java.util.List", "by org.apache.Foo", "from os.path import join", "to system.out",
    "user agent stopped", "as root.value", "@property", "@pytest.fixture", "@app.route", "user@host", "by closing the file",
    "deleted by cluster", "class com.example.UserService", "userId: 4711", "user=${USER}", "user=%s", "user=<name>", "username: str",
    "by train", "reviewer: please", "author: see below", "session closed for user", "git@github.com:a/b", "uid=0(root)",
    "order by created_at", "group by user_id", "user.name", "INFO user-service started", "CRON[1]: (root) CMD (run)",
]  # fmt: skip
HOSTS = [
    "connected to «jsmith-laptop»", "«annas-macbook-pro.local» is up", "host=«LAPTOP-JSMITH»", "lease for «Johns-iPhone»", "«Anna’s iPhone» joined",
    "DHCPACK to «marias-pc»", "«lmeyer-mbp.corp.example.com»", "«DESKTOP-ANNA» online",
]  # fmt: skip
NO_HOSTS = [
    "DESKTOP-4F3K2J1", "build-laptop", "test-vm", "gaming-pc", "my-macbook", "a laptop", "remote desktop", "web-dev", "ip-10-0-0-1",
    "the macbook pro", "pc-relative", "dell-server", "vm-image", "dev-tools", "mac-address", "android-sdk", "pixel-art", "lt-lib",
    "open phone", "dev-dependencies", "desktop-notifications", "mobile phone", "tablet-first",
]  # fmt: skip


def test_logins_in_logs():
    check_hits(LINES, "USERNAME", policy="logs", by_line=True)
    check_hits(LINES, "USERNAME")


def test_words_that_are_no_logins():
    check_misses(NOT_LINES, "USERNAME")
    check_misses(NOT_LINES, "USERNAME", policy="logs", by_line=True)


def test_hosts():
    check_hits(HOSTS, "HOSTNAME")
    check_misses(NO_HOSTS, "HOSTNAME")
