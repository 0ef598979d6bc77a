"""Part-lists that values are made of: locales, names of many cultures, places, kinds of orgs.

Hand-made; common given and family names, towns and countries only. No list holds a whole name.
"""

from __future__ import annotations

NOT_LATIN = {
    "ru": ("ru_RU",), "uk": ("uk_UA",), "el": ("el_GR",), "ar": ("ar_AA", "ar_EG", "ar_SA"),
    "he": ("he_IL",), "zh": ("zh_CN", "zh_TW"), "ja": ("ja_JP",), "ko": ("ko_KR",),
    "hi": ("hi_IN",),
}  # fmt: skip
LATIN = {
    "de": ("de_DE", "de_AT", "de_CH"), "fr": ("fr_FR", "fr_CA", "fr_CH"),
    "es": ("es_ES", "es_MX", "es_AR", "es_CO"), "it": ("it_IT",), "nl": ("nl_NL", "nl_BE"),
    "pt": ("pt_BR", "pt_PT"), "pl": ("pl_PL",),
}  # fmt: skip
ENGLISH = ("en_US", "en_US", "en_GB", "en_CA", "en_AU", "en_IN", "en_IE", "en_NZ")
OTHER_LATIN = (
    "cs_CZ", "sv_SE", "da_DK", "fi_FI", "hu_HU", "ro_RO", "tr_TR", "hr_HR", "id_ID", "vi_VN",
    "yo_NG", "no_NO", "sk_SK", "sl_SI", "lt_LT", "lv_LV", "et_EE", "sq_AL", "zu_ZA", "tw_GH",
    "fil_PH", "az_AZ", "es_CL", "en_TH", "ga_IE",
)  # fmt: skip

TITLES = (
    "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Miss", "Mr", "Mrs", "Ms", "Dr", "Sir", "Rev.", "Judge",
    "Capt.", "Professor", "Doctor", "Sgt.", "Officer", "Senator", "Herr", "Frau", "Mme", "M.",
    "Sr.", "Sra.", "Fr.", "Hon.", "Mx.", "Madam", "Sister", "Lord", "Lady", "President",
)  # fmt: skip
SUFFIXES = ("Jr.", "Sr.", "III", "II", "PhD", "MD", "Esq.", "CPA", "RN")
WORD_NAMES = (
    "Will", "May", "Hope", "Rich", "Mark", "Grace", "Faith", "Rose", "Bill", "Frank", "Art",
    "Dean", "Jack", "Pat", "Sue", "Drew", "Chase", "Summer", "April", "June", "August", "Joy",
    "Ivy", "Daisy", "Olive", "Amber", "Jade", "Pearl", "Ruby", "Violet", "Heath", "Cliff", "Dale",
    "Glen", "Reed", "Miles", "Pierce", "Sterling", "Wade", "Guy", "Gene", "Norm", "Jean", "Angel",
    "Destiny", "Harmony", "Sky", "River", "Hunter", "Mason", "Carter", "Tanner", "Victor", "Ray",
)  # fmt: skip
WORD_SURNAMES = (
    "Young", "King", "Bishop", "Cook", "Day", "Field", "Green", "Hill", "Long", "Moon", "Page",
    "Park", "Price", "Rice", "Snow", "Stone", "Strong", "Waters", "West", "White", "Wise", "Wood",
    "Brown", "Black", "Banks", "Bush", "Church", "Cross", "Fox", "Gold", "Love", "Little", "Marsh",
)  # fmt: skip
NICKNAMES = (
    "Bob", "Tommy", "Liz", "Kate", "Meg", "Jimmy", "Nick", "Gabe", "Sasha", "Misha", "Pepe",
    "Lupe", "Nacho", "Toni", "Uli", "Heiko", "Jojo", "Abby", "Vicky", "Manny", "Teddy", "Becky",
)  # fmt: skip
PARTICLES = ("van der ", "de la ", "von ", "da ", "al-", "El ", "Mac", "O'", "D'", "ben ", "del ",
              "bin ", "St. ", "dos ", "ter ", "Le ", "van ", "di ")  # fmt: skip
OTHER_FIRST = (
    "Chukwuemeka", "Ngozi", "Adaeze", "Kwame", "Abena", "Oluwaseun", "Folake", "Thabo", "Nomvula",
    "Wanjiru", "Kamau", "Tendai", "Amina", "Fatoumata", "Mamadou", "Yusuf", "Layla", "Omar",
    "Zainab", "Khalid", "Rania", "Mehmet", "Aylin", "Farid", "Shirin", "Dariush", "Nasrin", "Imran",
    "Aisha", "Bilal", "Sana", "Arjun", "Priya", "Rohan", "Deepika", "Lakshmi", "Venkatesh",
    "Gurpreet", "Harpreet", "Sunita", "Anh", "Linh", "Minh", "Thuy", "Somchai", "Siriporn", "Wei",
    "Xiaoming", "Jing", "Haruto", "Yuki", "Sakura", "Min-jun", "Ji-woo", "Seo-yeon", "Budi",
    "Siti", "Dewi", "Maricel", "Jomar", "Keoni", "Leilani", "Tane", "Aroha", "Dmitri", "Svetlana",
    "Oksana", "Taras", "Giorgi", "Nino", "Ani", "Armen", "Tigran", "Elif", "Bjørn", "Solveig",
    "Siobhán", "Niamh", "Eoin", "Rhys", "Cerys", "Ximena", "Joaquín", "Itzel", "Cuauhtémoc",
    "Thiago", "Iracema", "Zbigniew", "Agnieszka", "Jiří", "Ludmila", "Zsófia", "Gergő", "Ioana",
    "Bogdan", "Dragana", "Miloš", "Besnik", "Drita", "Kaarina", "Eino", "Kristjan", "Ieva",
)  # fmt: skip
OTHER_LAST = (
    "Okonkwo", "Adeyemi", "Okafor", "Mensah", "Boateng", "Nkosi", "Dlamini", "Mwangi", "Otieno",
    "Moyo", "Diallo", "Traoré", "Keita", "Haddad", "Khoury", "Al-Masri", "Benali", "Yilmaz",
    "Demir", "Hosseini", "Karimi", "Khan", "Malik", "Siddiqui", "Patel", "Iyer", "Reddy",
    "Chatterjee", "Banerjee", "Singh", "Kaur", "Nguyen", "Tran", "Pham", "Srisai", "Zhang", "Wang",
    "Ouyang", "Tanaka", "Suzuki", "Kim", "Choi", "Wijaya", "Santoso", "Dela Cruz", "Kealoha",
    "Ngata", "Volkova", "Petrenko", "Beridze", "Sargsyan", "Kaya", "Nygård", "Østergaard",
    "Ó Briain", "Llewellyn", "Gutiérrez", "Echeverría", "Araújo", "Wojciechowski", "Dvořák",
    "Nagy", "Popescu", "Jovanović", "Hoxha", "Virtanen", "Tamm", "Kalniņš", "Mäkinen", "Strauß",
)  # fmt: skip
ROLES = (
    "software engineer", "teacher", "Managing Director", "nurse", "Chief Financial Officer",
    "plumber", "Vice President, Finance", "accountant", "Head of Sales", "taxi driver", "secretary",
    "General Counsel", "project manager", "surgeon", "Trustee", "painter", "footballer",
    "Senior Consultant", "chef", "data analyst", "HR Manager", "journalist", "pilot", "CEO", "CTO",
)  # fmt: skip
NRP = (
    "German", "Nigerian", "Catholic", "Muslim", "Jewish", "French", "American", "Hindu", "Chinese",
    "Republican", "Democrat", "Brazilian", "Kurdish", "Irish", "Buddhist", "Mexican", "Turkish",
    "British", "Lutheran", "Communist", "Syrian", "Ukrainian", "Canadian", "Korean", "Sikh",
    "Polish", "Vietnamese", "Conservative", "Evangelical", "Iranian", "Dutch", "Swedish", "Hispanic",
)  # fmt: skip
ORG_HEADS = (
    "Northgate", "Blue River", "Acme", "Helix", "Orion", "Silver Lake", "Apex", "Redwood", "Meridian",
    "Granite", "Pioneer", "Summit", "Evergreen", "Harbor", "Atlas", "Nimbus", "Vertex", "Golden Gate",
    "Lakeside", "First National", "United", "Global", "Pacific", "Continental", "Sunrise", "Delta",
)  # fmt: skip
ORG_KINDS = (
    "Bank", "Insurance", "Logistics", "Capital", "Foods", "Software", "Airlines", "Energy", "Media",
    "Pharma", "Partners", "Holdings", "Systems", "Motors", "Hotels", "Telecom", "Trust", "Records",
    "Consulting", "Credit Union", "Robotics", "Foundation", "Brewing", "Labs", "Press", "FC",
)  # fmt: skip
ORG_ENDS = ("", "", "", " Inc.", " Ltd", " LLC", " GmbH", " plc", " Corp.", " & Co.", " AG", " S.A.",
             " Group", ", Inc.", " LLP", " Pty Ltd", " BV", " SpA")  # fmt: skip
AGENCIES = (
    "the Ministry of Health", "the European Commission", "the Department of Justice", "NASA",
    "the City Council of {city}", "UNICEF", "the Federal Reserve", "the {city} Police Department",
    "the Red Cross", "FC {city}", "the FBI", "the Home Office", "the United Nations", "HMRC",
    "the Social Security Administration", "the {city} Times", "the Securities and Exchange Commission",
    "the {city} Chamber of Commerce", "Greenpeace", "the IRS", "the World Bank", "NATO", "the DMV",
)  # fmt: skip
SCHOOLS = (
    "the University of {city}", "{city} State University", "{city} High School", "{last} College",
    "St. {first} School", "{city} Technical College", "{last} Academy", "{city} Elementary School",
)  # fmt: skip
HOSPITALS = (
    "{city} General Hospital", "St. {first}'s Hospital", "{last} Memorial Hospital",
    "{city} Medical Center", "the {last} Clinic", "{city} Children's Hospital", "Mercy Hospital",
)  # fmt: skip
CITIES = (
    "London", "New York", "Paris", "Chicago", "Boston", "Houston", "Dallas", "Seattle", "Denver",
    "Los Angeles", "San Francisco", "San Diego", "Phoenix", "Austin", "Atlanta", "Miami", "Detroit",
    "Minneapolis", "Portland", "Las Vegas", "Philadelphia", "Baltimore", "Washington", "St. Louis",
    "Kansas City", "New Orleans", "Nashville", "Salt Lake City", "Honolulu", "Anchorage", "Toronto",
    "Montreal", "Vancouver", "Calgary", "Ottawa", "Halifax", "Manchester", "Birmingham", "Leeds",
    "Glasgow", "Edinburgh", "Cardiff", "Belfast", "Bristol", "Liverpool", "Sheffield", "Newcastle",
    "York", "Oxford", "Cambridge", "Bath", "Reading", "Dublin", "Cork", "Galway", "Sydney",
    "Melbourne", "Brisbane", "Perth", "Adelaide", "Auckland", "Wellington", "Berlin", "Munich",
    "Hamburg", "Cologne", "Frankfurt", "Stuttgart", "Leipzig", "Vienna", "Graz", "Zurich", "Geneva",
    "Basel", "Lyon", "Marseille", "Nice", "Bordeaux", "Lille", "Toulouse", "Brussels", "Antwerp",
    "Amsterdam", "Rotterdam", "Utrecht", "The Hague", "Madrid", "Barcelona", "Seville", "Valencia",
    "Bilbao", "Lisbon", "Porto", "Rome", "Milan", "Naples", "Turin", "Venice", "Florence", "Athens",
    "Istanbul", "Ankara", "Warsaw", "Krakow", "Prague", "Budapest", "Bucharest", "Sofia", "Belgrade",
    "Zagreb", "Kyiv", "Lviv", "Moscow", "St. Petersburg", "Riga", "Tallinn", "Vilnius", "Helsinki",
    "Stockholm", "Gothenburg", "Oslo", "Bergen", "Copenhagen", "Aarhus", "Reykjavik", "Cairo",
    "Alexandria", "Tunis", "Casablanca", "Algiers", "Lagos", "Abuja", "Accra", "Nairobi", "Kampala",
    "Addis Ababa", "Dakar", "Johannesburg", "Cape Town", "Durban", "Harare", "Beirut", "Damascus",
    "Amman", "Baghdad", "Tehran", "Riyadh", "Jeddah", "Dubai", "Abu Dhabi", "Doha", "Kuwait City",
    "Jerusalem", "Tel Aviv", "Karachi", "Lahore", "Islamabad", "Delhi", "New Delhi", "Mumbai",
    "Bangalore", "Chennai", "Kolkata", "Hyderabad", "Pune", "Dhaka", "Colombo", "Kathmandu",
    "Bangkok", "Hanoi", "Ho Chi Minh City", "Manila", "Jakarta", "Kuala Lumpur", "Singapore",
    "Hong Kong", "Beijing", "Shanghai", "Shenzhen", "Taipei", "Tokyo", "Osaka", "Kyoto", "Seoul",
    "Busan", "Mexico City", "Guadalajara", "Havana", "Bogota", "Medellin", "Lima", "Quito",
    "Santiago", "Buenos Aires", "Montevideo", "Sao Paulo", "Rio de Janeiro", "Brasilia", "Caracas",
    "Springfield", "Franklin", "Madison", "Clayton", "Salem", "Bristol", "Lincoln", "Jackson",
    "Brooklyn", "Queens", "Silicon Valley", "Bavaria", "Tuscany", "Normandy", "Scotland", "Wales",
)  # fmt: skip
COUNTRIES = (
    "USA", "U.S.", "United States", "UK", "United Kingdom", "England", "Germany", "France", "Spain",
    "Italy", "Poland", "Canada", "Mexico", "Brazil", "Argentina", "Chile", "Peru", "Colombia",
    "China", "Japan", "India", "Pakistan", "Bangladesh", "Iran", "Iraq", "Syria", "Israel", "Egypt",
    "Nigeria", "Kenya", "Ghana", "Ethiopia", "South Africa", "Australia", "New Zealand", "Russia",
    "Ukraine", "Turkey", "Greece", "Sweden", "Norway", "Denmark", "Finland", "Ireland", "Portugal",
    "Austria", "Switzerland", "Belgium", "the Netherlands", "Vietnam", "Thailand", "Indonesia",
    "the Philippines", "South Korea", "Saudi Arabia", "UAE", "Qatar", "Jordan", "Georgia", "Chad",
)  # fmt: skip
STREETS = ("Street", "St", "St.", "Avenue", "Ave", "Road", "Rd", "Lane", "Drive", "Blvd", "Court",
            "Way", "Place", "Terrace", "Crescent", "Close", "Square", "Parkway", "Circle")  # fmt: skip
STREET_NAMES = (
    "Main", "Oak", "Maple", "Washington", "Lincoln", "Park", "Martin Luther King", "Church", "High",
    "Elm", "Victoria", "King", "Station", "Lakeview", "Jefferson", "Cedar", "Mill", "Queens", "5th",
    "42nd", "N. Franklin", "South Hill", "W 3rd", "Old Bridge", "Churchill", "Rosa Parks", "Sunset",
)  # fmt: skip
