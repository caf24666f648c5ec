"""An invented Italian population as services meet it: written down more than once, and badly.

Names are drawn from the lists of the package faker, shares fall with the square root of the rank.
Tax codes are computed from the person. Rates of errors are assumptions, gathered in `RATES`; they
were not measured on anybody. The same seed makes the same population.
"""

import csv
import datetime
import random
import unicodedata

COLUMNS = [
    "person", "family", "given", "birth_date", "birth_year", "sex", "place", "tax_code",
    "identifiers", "contacts", "alias",
]  # fmt: skip

RATES = {
    "foreign": 0.25,
    "relative": 0.25,  # shares household, family name and telephone with the person before
    "namesake": 0.004,  # both names of the person before, but for the birth date
    "same_code": 0.002,  # another person with the same tax code: omocodia
    "twin": 0.003,
    "second_surname": 0.06,
    "second_given": 0.2,
    "typo": 0.06,
    "misheard": 0.03,
    "accent_lost": 0.8,
    "upper_case": 0.3,
    "surname_missing_of_two": 0.35,
    "given_missing_of_two": 0.5,
    "first_of_two_kept": 0.8,
    "short_form": 0.03,
    "other_spelling": 0.35,
    "initial_only": 0.01,
    "swapped_names": 0.03,
    "day_month": 0.02,
    "date_digit": 0.03,
    "date_missing": 0.05,
    "year_only": 0.04,
    "first_of_january": 0.08,
    "sex_missing": 0.05,
    "sex_wrong": 0.005,
    "place_missing": 0.25,
    "place_by_name": 0.5,
    "code_missing": 0.35,
    "code_missing_foreign": 0.6,
    "code_typo": 0.04,
    "code_other_place": 0.02,
    "code_of_relative": 0.004,
    "code_before_omocodia": 0.4,
    "stp": 0.7,
    "stp_renewed": 0.3,
    "document": 0.3,
    "document_renewed": 0.15,
    "number_typo": 0.03,
    "telephone": 0.4,
    "telephone_changed": 0.25,
    "alias": 0.04,
    "given_missing": 0.02,
    "family_missing": 0.02,
    "code_alone": 0.015,
}

FOREIGN_LOCALES = {
    "ro_RO": "Z129", "pl_PL": "Z127", "tr_TR": "Z243", "es_ES": "Z605", "fr_FR": "Z343",
    "en_NG": "Z335", "hr_HR": "Z149", "vi_VN": "Z251", "pt_BR": "Z602",
}  # fmt: skip

# Names from other scripts, each with spellings that are met in Italian registers.
SPELLINGS = {
    "Z330": (
        [["Mohamed", "Mohammed", "Muhammad", "Mohamad"], ["Youssef", "Yousef", "Yussef"],
         ["Ahmed", "Ahmad", "Achmed"], ["Abdellah", "Abdullah", "Abdallah"], ["Hassan", "Hasan"],
         ["Khalid", "Khaled", "Kalid"], ["Rachid", "Rashid"], ["Said", "Saeed"],
         ["Mustapha", "Mostafa", "Mustafa"], ["Omar", "Omer"]],
        [["Fatima", "Fatma", "Fatimah"], ["Khadija", "Kadija", "Khadidja"], ["Aicha", "Aisha"],
         ["Zineb", "Zaynab", "Zeinab"], ["Naima", "Nahima"], ["Hanane", "Hanan"]],
        [["El Amrani", "Elamrani", "Amrani"], ["Bouazza", "Buazza"], ["El Fassi", "Fassi"],
         ["Benali", "Ben Ali"], ["Cherkaoui", "Charkaoui", "Sharkawi"], ["Tahiri", "Taheri"],
         ["Ouali", "Wali"], ["El Idrissi", "Elidrissi", "Idrissi"], ["Haddad", "Hadad"]],
    ),
    "Z249": (
        [["Md Rahim", "Mohammad Rahim"], ["Kamal", "Kamaal"], ["Jahangir", "Jahanghir"],
         ["Hossain", "Hussain", "Hossein"], ["Rafiq", "Rafique"], ["Shahin", "Shaheen"]],
        [["Nasrin", "Nasreen"], ["Shirin", "Shireen"], ["Rokeya", "Rukia"], ["Salma", "Selma"]],
        [["Uddin", "Udin"], ["Chowdhury", "Choudhury", "Chaudhry"], ["Miah", "Mia"],
         ["Islam", "Eslam"], ["Sarkar", "Sarker"], ["Begum", "Begom"]],
    ),
    "Z138": (
        [["Oleksandr", "Aleksandr", "Alexander"], ["Serhiy", "Sergiy", "Sergey"],
         ["Volodymyr", "Vladimir"], ["Mykola", "Nikolay"], ["Andriy", "Andrii"]],
        [["Nataliya", "Natalia", "Nataliia"], ["Oksana", "Oxana"], ["Yuliya", "Iuliia", "Julia"],
         ["Tetyana", "Tetiana", "Tatiana"], ["Halyna", "Galina"], ["Svitlana", "Svetlana"]],
        [["Shevchenko", "Scevcenko"], ["Kovalenko", "Covalenco"], ["Bondarenko", "Bondarenco"],
         ["Tkachuk", "Tkaciuk"], ["Melnyk", "Melnik"], ["Kravchuk", "Kravciuk"]],
    ),
    "Z343": (
        [["Mamadou", "Mamadu"], ["Ousmane", "Osman"], ["Ibrahima", "Ibrahim"],
         ["Abdoulaye", "Abdulaye"], ["Moussa", "Mussa", "Musa"], ["Cheikh", "Sheikh"]],
        [["Fatou", "Fatu"], ["Aissatou", "Aisatu"], ["Mariama", "Mariame"], ["Awa", "Ava"]],
        [["Ndiaye", "N'Diaye", "Ndiaie"], ["Diop", "Dyop"], ["Diallo", "Jallow", "Dialo"],
         ["Gueye", "Guèye", "Gaye"], ["Sow", "Sou"], ["Cisse", "Cissé", "Sisse"]],
    ),
}  # fmt: skip

# More names of the same languages, with one spelling, so that namesakes are not too many.
MORE = {
    "Z330": (
        "Hamza Karim Yassine Bilal Nabil Tarik Adil Soufiane Anouar Jamal Hicham Reda Walid Ayoub "
        "Marouane Zakaria Amine Brahim Driss Fouad Ilyas Jawad Larbi Mehdi Noureddine Othmane",
        "Samira Latifa Malika Nadia Karima Saida Hayat Meryem Ikram Sanae Houda Laila Najat Amina "
        "Bouchra Farida Ghizlane Hakima Imane Jamila Loubna Mounia Nawal Ouafae Rachida Siham",
        "Bennani Lahlou Berrada Chraibi Sefrioui Kettani Tazi Benjelloun Zniber Alaoui Naciri "
        "Filali Bakkali Hamdaoui Mansouri Rahmani Saidi Ziani Belkacem Boumediene Cherif Daoudi "
        "Hamidi Jabri Khattabi Lamrani Mokhtari Nouri Ouazzani Rifai Slaoui Toumi Yacoubi Zerouali",
    ),
    "Z249": (
        "Alam Anwar Babul Dulal Faruk Harun Iqbal Jamil Kabir Liton Mizan Nazrul Parvez Rashed "
        "Sohel Tariqul Uzzal Zahid Masud Habib Selim Ripon Sumon Milon",
        "Ayesha Bilkis Dilara Farzana Hasina Jahanara Kulsum Laila Mina Nargis Parvin Ruma Sultana "
        "Taslima Yasmin Shahida Momtaz Roksana",
        "Ahmed Ali Bhuiyan Das Ghosh Hasan Howlader Karim Khan Mollah Mondal Paul Rahman Roy Saha "
        "Shikder Talukder Akter Biswas Dewan Gazi Haque Kazi Majumder Matubbar Patwary Sheikh",
    ),
    "Z138": (
        "Ivan Petro Pavlo Yuriy Viktor Oleh Ihor Bohdan Taras Roman Vasyl Anatoliy Dmytro Maksym "
        "Artem Denys Ruslan Stepan Yaroslav Vitaliy",
        "Olena Iryna Lyudmyla Mariya Hanna Olha Lesya Nadiya Lyubov Vira Viktoriya Ivanna Kateryna "
        "Myroslava Orysia Roksolana Solomiya Stefaniya Ulyana Zoryana",
        "Koval Boyko Kravchenko Oliynyk Lysenko Marchenko Rudenko Savchenko Petrenko Moroz Klymenko "
        "Pavlenko Hrytsenko Ponomarenko Vasylenko Kharchenko Sydorenko Karpenko Romaniuk Levchenko "
        "Hnatiuk Ivanyshyn Danyliuk Fedoruk Yatsenko Zinchenko Babenko Chorna Dyachenko Holub",
    ),
    "Z343": (
        "Alioune Babacar Bassirou Demba El-Hadji Gora Idrissa Khadim Lamine Malick Modou Ngagne Omar "
        "Pape Samba Serigne Thierno Souleymane Youssoupha Amadou Boubacar Daouda",
        "Adama Astou Binta Coumba Dieynaba Fanta Kadiatou Khady Maimouna Mame Ndeye Oumou Penda Rama "
        "Rokhaya Seynabou Sokhna Yacine",
        "Ba Badji Camara Coulibaly Dia Dieng Diouf Fall Faye Gaye Kane Keita Konate Mane Mbaye Mbengue "
        "Ndao Ndour Ngom Niang Sane Sarr Seck Sene Sy Thiam Toure Traore Wade Sagna",
    ),
}

# States in which these names are at home.
HOMES = {
    "Z330": ["Z330", "Z352", "Z301", "Z336"],
    "Z249": ["Z249", "Z236"],
    "Z138": ["Z138", "Z140"],
    "Z343": ["Z343", "Z329", "Z317", "Z331"],
}

SHORT_FORMS = {
    "Giuseppe": "Pino", "Antonio": "Tonino", "Giovanni": "Gianni", "Francesco": "Franco",
    "Vincenzo": "Enzo", "Salvatore": "Totò", "Luigi": "Gino", "Domenico": "Mimmo",
    "Raffaele": "Lello", "Alessandro": "Sandro", "Stefano": "Stefan", "Federico": "Fede",
    "Maria": "Mary", "Giuseppina": "Pina", "Antonietta": "Tonia", "Francesca": "Franca",
    "Elisabetta": "Betta", "Caterina": "Katia", "Concetta": "Titina", "Teresa": "Teresina",
}  # fmt: skip

MISHEARD = [
    ("cch", "ch"), ("ch", "k"), ("zz", "z"), ("ss", "s"), ("tt", "t"), ("ll", "l"), ("rr", "r"),
    ("gn", "n"), ("np", "mp"), ("qu", "cu"), ("gg", "g"), ("nn", "n"), ("sc", "sh"), ("y", "i"),
]  # fmt: skip

NEAR = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioppsdfghjkllxcvbnmm"))
ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
DIGITS_AT = [14, 13, 12, 10, 9, 7, 6]


def population(italy, people, seed):
    """Records of `people` invented people, in random order."""
    dice = random.Random(seed)
    names, places = Names(dice), read_places(italy)
    records, before = [], None
    for number in range(people):
        before = a_person(dice, names, places, number, before)
        for _ in range(dice.choices([1, 2, 3, 4], [45, 35, 15, 5])[0]):
            records.append(written_down(dice, before, places))
    dice.shuffle(records)
    return records


def read_places(italy):
    with open(italy / "municipalities.csv", encoding="utf-8") as file:
        rows = [(row["belfiore"], row["name"], row["province"]) for row in csv.DictReader(file)]
    with open(italy / "foreign_states.csv", encoding="utf-8") as file:
        names = {row["belfiore"]: row["name"] for row in csv.DictReader(file)}
    names.update((code, name) for code, name, _ in rows)
    near = [code for code, _, province in rows if province == "BA"]
    return names, near, [code for code, _, _ in rows]


class Names:
    """Weighted lists of names."""

    def __init__(self, dice):
        from faker.providers.person.it_IT import Provider

        self.dice = dice
        self.italian = self.lists(Provider)
        self.foreign = {}
        for locale, state in FOREIGN_LOCALES.items():
            module = __import__(f"faker.providers.person.{locale}", fromlist=["Provider"])
            self.foreign.setdefault(state, []).append(self.lists(module.Provider))

    @staticmethod
    def lists(provider):
        def first(*attributes):
            for attribute in attributes:
                if names := getattr(provider, attribute, None):
                    return sorted(set(names))
            raise LookupError(f"{provider} has none of {attributes}")

        lists = {
            "M": first("first_names_male", "first_names"),
            "F": first("first_names_female", "first_names"),
            "family": first("last_names", "last_names_male"),
        }
        shuffled = random.Random(7)
        for names in lists.values():
            shuffled.shuffle(names)
        return lists

    def one(self, names):
        """A name whose share falls with the square root of its rank."""
        return names[int(len(names) * self.dice.random() ** 2)]


def chance(dice, what):
    return dice.random() < RATES[what]


def a_person(dice, names, places, number, before):
    """A new person; perhaps a relative, a twin or a namesake of the one before."""
    person = {"person": f"p{number}", "omocode": False, "spellings": {}}
    person["sex"] = dice.choice("MF")
    person["foreign"] = chance(dice, "foreign")
    person["born"] = born(dice)
    _, near, anywhere = places
    state = dice.choice(list(SPELLINGS) + list(FOREIGN_LOCALES.values()))
    person["place"] = dice.choice(near if dice.random() < 0.7 else anywhere)
    if person["foreign"]:
        person["place"] = state
        foreign_names(dice, names, state, person)
    else:
        person["given"] = [names.one(names.italian[person["sex"]])]
        person["family"] = [names.one(names.italian["family"])]
        if chance(dice, "second_given"):
            person["given"].append(names.one(names.italian[person["sex"]]))
        if chance(dice, "second_surname"):
            person["family"].append(names.one(names.italian["family"]))
    person["telephone"] = f"3{dice.randrange(10**8, 10**9)}"
    person["document"] = f"C{letters(dice, 1)}{dice.randrange(10**5):05}{letters(dice, 2)}"
    person["stp"] = f"STP160{dice.randrange(10**7):07}"
    person["alias"] = dice.choice(["Il Rosso", "Nonno", "Baffo", "Zio", "Il Professore"])
    if before:
        like_before(dice, person, before)
    person["code"] = tax_code(person)
    return person


def like_before(dice, person, before):
    for what, keys in {
        "relative": ["family", "telephone", "foreign", "place", "spellings"],
        "twin": ["family", "telephone", "foreign", "place", "spellings", "born"],
        "namesake": ["family", "given", "sex", "foreign", "place", "spellings"],
        "same_code": ["family", "given", "sex", "foreign", "place", "spellings", "born"],
    }.items():
        if not chance(dice, what):
            continue
        if what in ("relative", "twin") and before["foreign"] != person["foreign"]:
            continue
        if what in ("relative", "twin"):
            person["spellings"] = {**person["spellings"], **before["spellings"]}
            keys = [key for key in keys if key != "spellings"]
        for key in keys:
            person[key] = before[key]
        person["omocode"] |= what == "same_code"
        person["relative_code"] = before["code"]


def foreign_names(dice, names, state, person):
    if state in SPELLINGS and (state not in names.foreign or dice.random() < 0.7):
        of_sex = 0 if person["sex"] == "M" else 1
        chosen = [spellings_of(dice, state, of_sex), spellings_of(dice, state, 2)]
        person["place"] = dice.choice(HOMES[state])
        person["given"], person["family"] = [chosen[0][0]], [chosen[1][0]]
        person["spellings"] = {spellings[0]: spellings for spellings in chosen}
        return
    lists = dice.choice(names.foreign[state])
    person["given"] = [names.one(lists[person["sex"]])]
    person["family"] = [names.one(lists["family"])]
    if state in ("Z605", "Z602"):
        person["family"].append(names.one(lists["family"]))


def spellings_of(dice, state, which):
    more = [[name] for name in MORE[state][which].split()]
    return dice.choice(SPELLINGS[state][which] + more)


def born(dice):
    age = min(95, max(0, int(dice.triangular(0, 95, 40))))
    return datetime.date(2025 - age, 1, 1) + datetime.timedelta(dice.randrange(365))


def letters(dice, count):
    return "".join(dice.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(count))


def written_down(dice, person, places):
    """One record of a person; every one may be wrong, the first no less than the others."""
    names, _, anywhere = places
    family = " ".join(fewer(dice, person["family"], "surname_missing_of_two"))
    given = " ".join(fewer(dice, person["given"], "given_missing_of_two"))
    family, given = spelled(dice, person, family), spelled(dice, person, given)
    if chance(dice, "short_form"):
        given = SHORT_FORMS.get(given, given)
    family, given = slip(dice, family), slip(dice, given)
    if chance(dice, "initial_only"):
        given = given[:1] + "."
    if chance(dice, "swapped_names"):
        family, given = given, family
    if chance(dice, "given_missing"):
        given = ""
    elif chance(dice, "family_missing"):
        family = ""
    record = {"person": person["person"], "family": family, "given": given}
    record.update(dated(dice, person))
    if not chance(dice, "sex_missing"):
        wrong = chance(dice, "sex_wrong")
        record["sex"] = {"M": "F", "F": "M"}[person["sex"]] if wrong else person["sex"]
    if not chance(dice, "place_missing"):
        named = chance(dice, "place_by_name")
        record["place"] = slip(dice, names[person["place"]]) if named else person["place"]
    record["tax_code"] = code_written(dice, person, anywhere)
    if record["tax_code"] and chance(dice, "code_alone"):
        record = {"person": person["person"], "tax_code": record["tax_code"]}
    record.update(numbers(dice, person))
    if chance(dice, "alias"):
        record["alias"] = person["alias"]
    return record


def fewer(dice, words, what):
    if len(words) < 2:
        return words
    if chance(dice, what):
        return [words[0] if chance(dice, "first_of_two_kept") else words[1]]
    return words[::-1] if dice.random() < 0.05 else words


def spelled(dice, person, name):
    spellings = person["spellings"].get(name)
    return dice.choice(spellings) if spellings and chance(dice, "other_spelling") else name


def slip(dice, name):
    if not name.isascii() and chance(dice, "accent_lost"):
        plain = unicodedata.normalize("NFD", name)
        name = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if chance(dice, "misheard"):
        heard = [(a, b) for a, b in MISHEARD if a in name.lower()]
        if heard:
            a, b = dice.choice(heard)
            name = name.lower().replace(a, b, 1).title()
    if chance(dice, "typo"):
        name = typo(dice, name)
    return name.upper() if chance(dice, "upper_case") else name


def typo(dice, text):
    if len(text) < 3:
        return text
    at = dice.randrange(len(text) - 1)
    near = NEAR.get(text[at].lower(), text[at])
    return dice.choice([
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + near + text[at + 1 :],
    ])  # fmt: skip


def dated(dice, person):
    date = person["born"]
    if chance(dice, "date_missing"):
        return {}
    if chance(dice, "year_only"):
        return {"birth_year": date.year + dice.choice([0, 0, 0, -1, 1])}
    if person["foreign"] and chance(dice, "first_of_january"):
        return {"birth_date": f"{date.year}-01-01"}
    if chance(dice, "day_month") and date.day <= 12:
        return {"birth_date": date.replace(month=date.day, day=date.month).isoformat()}
    if chance(dice, "date_digit"):
        date = wrong_digit(dice, date)
    return {"birth_date": date.isoformat()}


def wrong_digit(dice, date):
    for _ in range(20):
        text = list(date.isoformat())
        text[dice.choice([2, 3, 6, 8, 9])] = dice.choice("0123456789")
        try:
            wrong = datetime.date.fromisoformat("".join(text))
        except ValueError:
            continue
        if 1920 <= wrong.year <= 2025:
            return wrong
    return date


def code_written(dice, person, anywhere):
    if chance(dice, "code_missing_foreign" if person["foreign"] else "code_missing"):
        return ""
    code = person["code"]
    if person["omocode"] and not chance(dice, "code_before_omocodia"):
        code = omocode(code)
    if chance(dice, "code_other_place"):
        code = checked(code[:11] + dice.choice(anywhere))
    if "relative_code" in person and chance(dice, "code_of_relative"):
        code = person["relative_code"]
    if chance(dice, "code_typo"):
        code = typo(dice, code)
    return code if dice.random() < 0.9 else code.lower()


def numbers(dice, person):
    found = []
    if person["foreign"] and chance(dice, "stp"):
        renewed = chance(dice, "stp_renewed")
        found.append("stp=" + (f"STP160{dice.randrange(10**7):07}" if renewed else person["stp"]))
    if chance(dice, "document"):
        renewed = chance(dice, "document_renewed")
        other = f"C{letters(dice, 1)}{dice.randrange(10**5):05}{letters(dice, 2)}"
        found.append("document=" + (other if renewed else person["document"]))
    found = [typo(dice, text) if chance(dice, "number_typo") else text for text in found]
    record = {"identifiers": ";".join(text for text in found if "=" in text)}
    if chance(dice, "telephone"):
        changed = chance(dice, "telephone_changed")
        other = f"3{dice.randrange(10**8, 10**9)}"
        record["contacts"] = "telephone=" + (other if changed else person["telephone"])
    return record


def tax_code(person):
    def parts(words):
        plain = unicodedata.normalize("NFD", "".join(words)).replace("đ", "d").replace("Đ", "D")
        plain = [letter for letter in plain.upper() if "A" <= letter <= "Z"]
        vowels = [letter for letter in plain if letter in "AEIOU"]
        return [letter for letter in plain if letter not in "AEIOU"], vowels

    consonants, vowels = parts(person["family"])
    family = "".join(consonants + vowels + ["X"] * 3)[:3]
    consonants, vowels = parts(person["given"])
    if len(consonants) > 3:
        del consonants[1]
    given = "".join(consonants + vowels + ["X"] * 3)[:3]
    day = person["born"].day + (40 if person["sex"] == "F" else 0)
    month = "ABCDEHLMPRST"[person["born"].month - 1]
    date = f"{person['born'].year % 100:02}{month}{day:02}"
    return checked(family + given + date + person["place"])


def omocode(code):
    at = DIGITS_AT[0]
    return checked(code[:at] + "LMNPQRSTUV"[int(code[at])])


def checked(fifteen):
    def value(at, letter):
        order = int(letter) if letter.isdigit() else ord(letter) - ord("A")
        return order if at % 2 else ODD[order]

    total = sum(value(at, letter) for at, letter in enumerate(fifteen))
    return fifteen + chr(ord("A") + total % 26)
