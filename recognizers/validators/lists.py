"""Word lists that checks look things up in; read once, when first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data"

# accounts that belong to a program or a machine, and words that stand for "whoever"
SERVICE_ACCOUNTS = frozenset(
    """
    _apt _chrony abrt adm admin administrator airflow all alluser allusers ansible apache app
    application avahi azureuser backup bin bitnami centos ceph chrony cloudadmin cloudera
    cockroach coder consul containerd core cron daemon dbus debian debian-tor default
    defaultaccount deploy deployer dev developer dnsmasq docker ec2-user elastic elasticsearch
    etcd everyone example exim fedora ftp ftpuser games gdm git gitlab gitlab-runner gnats grafana
    guest hadoop halt haproxy hdfs hive httpd info irc jboss jenkins jovyan kafka kibana kube
    kubelet kubernetes ldap libuuid lightdm linuxbrew list local localservice lock login lp mail
    mailman man master memcached messagebus minikube mongo mongod mongodb mysql named
    networkservice news nfs nfsnobody nginx nobody node nova ntp ntpd odoo opc openldap operator
    oracle owner packer pcap pi polkitd postfix postgres postmaster prometheus proxy public puppet
    rabbitmq redis replication root rpc rpcuser rstudio runner saned scanner service
    service_account serviceaccount shared shutdown slurm smtp solr spark splunk sshd steam student
    sudo support svc svn sync sys syslog systemd systemd-network systemd-resolve systemd-timesync
    tcpdump teamcity temp test tester testuser tmp tomcat travis ubuntu unknown unscd user
    username users usbmux uucp uuidd vagrant vscode web webmaster wheel whoami www www-data wwwrun
    xfs yarn you yourname zabbix zookeeper wwwroot nobody4 noaccess backend frontend anonymous
    anon none null system localsystem invalid illegal authenticating
    """.split()
)

# words of programs and of their manuals: what stands beside `user =` or `password:` in them
CODE_WORDS = frozenset(
    """
    abstract access account accounts action active actor add addr address admin alias aliases api
    apikey app arg args argument array arn assert assertion async auth authentication
    authenticator author authorization auto await aws azure base basic bearer bin body bool
    boolean bot buffer builtin byte bytes cache callable callback cert certificate cfg char class
    classmethod cli client cls code column common config configuration conn connection const
    constant content context cookie cookies count create created creator cred credential
    credentials creds crypt crypto csrf ctx current custom cwd data database date db decode
    decoded decorator decrypt default define del delete deprecated dict dir doc docs dom domain
    dummy echo elem element email empty enc encode encoded encrypt encrypted encryption end entity
    entry enum env environ environment error eval event example exception exec export expr
    expression ext extern external factory false field fields file filename files final fixture
    flag float fmt foo format from func function gen generator get getattr getenv getpass getter
    github global google group groups guid handle handler hash hashed header headers hidden hmac
    host hostname html http https id ident identifier identity idx impl implicit import index info
    init inner input insecure inst instance int integer internal invalid io is item items iter
    iterator java jdbc json jwt kerberos key keyfile keyring keys keyword kind kwarg kwargs lambda
    last lazy len length lib list literal load local lock log logger login logout long loop main
    map mapping match max member message meta metadata method min missing mock mode model module
    msg multi must my name named namespace native new next nil no node none nonce not now null
    nullable num number oauth obj object offset ok old opaque open openai operator opt option
    optional options opts org original os other out outer output override owner package param
    parameter parameters params parse parsed parser pass passphrase passwd password passwords
    patch path pattern pem permission pin pip pkg placeholder plain plaintext plugin policy pool
    pop port prefix pre prev principal print private privilege process profile project prompt prop
    property props protected protocol provider proxy pub public push pwd py python query quote
    rand random raw read reader realm record redacted ref refresh regex region register registry
    remote remove repo repository req request requests required res reset resolve resource
    response result results ret retry return right role root row rsa run salt sample sandbox save
    scheme schema scope search secret secrets secure security seed select self send sender serial
    serializer server service session set setter setting settings setup sha short sig sign
    signature signed signer signing site size slice socket some source spec special src ssh ssl
    start state static status stdin stdout step stop storage store str stream strict string strip
    struct sub subject submit substring suffix super symbol sync sys system tag target task temp
    template temporary test testing tests text then this thread throw time timeout tls tmp to tok
    token tokenizer tokens tool trace transport true try tuple tx txt type typed types undefined
    unicode union unique unknown unset update uri url urls use used user userid userinfo username
    users utf util utils uuid val valid validate validated validator value values var variable
    variables vault verify version view virtual void wallet web webhook when where with word words
    wrapper write writer xml yaml yes yield your yours zero
    """.split()
)


@cache
def common_words() -> frozenset[str]:
    """Frequent English words, lower case (see ``redactor/quality/names.py``)."""
    return _read("common_words")


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are, or pass for, a name or an initial and a name: ``cases``, ``closed``."""
    return _read("ordinary_words")


@cache
def given_names() -> frozenset[str]:
    """Given names of some forty countries, lower case, a-z only."""
    return _read("given_names")


@cache
def family_names() -> frozenset[str]:
    """Family names of some forty countries, lower case, a-z only."""
    return _read("family_names")


def _read(name: str) -> frozenset[str]:
    return frozenset((_DATA / f"{name}.txt").read_text("ascii").split())
