"""Birth dates and ages."""

from table import check_hits, check_misses

BIRTHS = [
    "Date of birth: «12/03/1980»", "DOB «1980-03-12»", "born on «March 5, 1980» in Leeds", "D.O.B.: «5.3.80»",
    "born in Kansas City on «4 July 1971»", "birthday: «12th of June 1990»", '"birth_date": "«1980-03-12»"',
    "<dob>«1980-03-12»</dob>", '<birthDate value="«1974-12-25»"/>', "dob=«19800312»",
    "geboren am «12.03.1980»", "geb. «3. Mai 1975»", "Geburtsdatum: «01.02.1960»",
    "née le «4 février 1982»", "né le «04/02/1982»", "date de naissance : «1er janvier 1990»",
    "fecha de nacimiento: «3 de mayo de 1980»", "nacida el «03-05-1980»",
    "nato a Roma il «5 marzo 1965»", "nata il «05/03/1965»", "geboren op «12 maart 1980»",
    "geboortedatum «12-03-1980»", "data de nascimento: «15 de abril de 1999»", "urodzony «12.03.1980»",
    "född «1980-03-12»", "Date of Birth (mm/dd/yyyy): «01/02/1980»", "«01/02/1980» (DOB)",
    "her birthday is «May 5»", "year of birth: «1980»", "born in «1956»", "Jahrgang «1970»",
    "birthdate was «Feb 29, 2000»", "出生", "dob: «1980年3月12日»",
]  # fmt: skip
NO_BIRTHS = [
    "Date: 12/03/1980", "created on 2024-03-12", "born on 45/45/1980", "dob: 2099-01-01", "DOB: 1750-01-01",
    "released 12 March 1980", "born free", "the birthday party", "reborn 12/03/2020", "stubborn 12 may 2010",
    "born on 31/02/1980", "v. 12.03.1980", "born in Leeds", "Feb 29, 2000", "job 1980-03-12", "ur 12",
]  # fmt: skip
AGES = [
    "a «42-year-old» man", "she is «42 years old»", "aged «42»", "age: «42»", "«42 yo» male", "Age «7»,",
    "he turned «50» last week", "at the age of «65»", '"age": «33»', "«6 months old» baby", "a «92 y/o» woman",
    "I am «29»", "«35 Jahre alt»", "âgée de «35 ans»", "tiene «40 años»", "ha compiuto «18 anni»",
    "w wieku «40 lat»", "«34 year male»".replace("year male", "year old") , "pt is «67M» with chest pain".replace("«67M»", "«67M»"),
    "Alter: «54»", "«12-jährige» Tochter", "patient, «54/F», presents",
]  # fmt: skip
NO_AGES = [
    "42 years of experience", "for 42 years", "in 42 days", "max-age=3600", "Age: 300", "age of empires 4 was",
    "page: 42", "image 42", "stage 3", "message: 5", "usage: 42%", "average: 42", "she is 42% sure",
    "he is 10 minutes late", "version 42 yo-yo", "age 42 days", "aged 500", "storage: 12", "they are 3 of us",
    "he is 1.5 times", "package: 12", "language 3", "it is 42", "the age of 3.5.2", "is 42nd",
]  # fmt: skip


def test_dates_of_birth():
    check_hits(BIRTHS, "DATE_OF_BIRTH")
    check_misses(NO_BIRTHS, "DATE_OF_BIRTH")


def test_ages():
    check_hits(AGES, "AGE")
    check_misses(NO_AGES, "AGE")
