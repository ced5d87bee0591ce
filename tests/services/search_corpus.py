"""What people say in five languages, and what is found in it: for every index alike."""

# Each is one passage, by a name.
SAID = {
    "bed": "We waited all night for a bed, and nobody told us.",
    "bus": "The bus never came. We were waiting in the rain for the bus.",
    "manager": "The bed-manager rang. “A bed!” said O’Brien.",
    "manager of beds": "There was no manager; the bed was his.",
    "hôpital": "À l'hôpital, personne n’a répondu à mon frère.",
    "Süden": "Die Straße im Süden war groß, und das Café geschlossen.",
    "Łódź": "Przyjechałam z Łodzi w lipcu, z mężem.",
    "hospital": "ذهبت إلى المُسْتَشْفَى مع أمّي",
    "urdu": "میں ہسپتال میں انتظار کر رہی تھی",
    "東京": "病院で長い時間待ちました。東京の病院です。",
    "医院": "我在医院等了很久。",
    "numbers": "They rang 0161 496 0000 at 3 o'clock. 100% sure (really).",
    "long": "w" * 3000 + " and a word after it",
}

# What is looked for, and the names of what is found.
EXPECTED = {
    # words, all of them
    "waited": {"bed"}, "bed": {"bed", "manager", "manager of beds"}, "bed manager": {"manager", "manager of beds"},
    "manager bed": {"manager", "manager of beds"}, "BUS": {"bus"}, "bed bus": set(), "wait": set(),
    # phrases
    '"bed manager"': {"manager"}, '"manager bed"': set(), "bed-manager": {"manager"}, "“all night”": {"bed"},
    "o'brien": {"manager"}, '"all night" told': {"bed"}, '"night all"': set(),
    # beginnings
    "wait*": {"bed", "bus"}, "wai* rai*": {"bus"}, '"for a be*"': {"bed"}, "w*": {"Łódź"}, "Hôp*": {"hôpital"},
    # without
    "bed -manager": {"bed"}, "wait* -rain": {"bed"}, 'bed -"bed manager"': {"bed", "manager of beds"},
    "wait* -rai*": {"bed"}, "-bed": set(), "bed --manager": {"bed"},
    # accents, in any script
    "hopital": {"hôpital"}, "HÔPITAL": {"hôpital"}, "strasse": {"Süden"}, "suden cafe": {"Süden"},
    "lodzi": {"Łódź"}, "mezem": {"Łódź"}, "مستشفى": set(), "المستشفى": {"hospital"}, "امي": {"hospital"},
    "ہسپتال انتظار": {"urdu"},
    # scripts without spaces between words: what follows each other
    "東京": {"東京"}, "病院": {"東京"}, "京東": set(), "医院": {"医院"}, "院医": set(), "很久 医院": {"医院"},
    # numbers, and what is no word
    "0161": {"numbers"}, '"496 0000"': {"numbers"}, "100%": {"numbers"}, "(really)": {"numbers"},
    # anything else is plain text, and nothing is wrong
    "": set(), "*": set(), '"': set(), '"" -""': set(), "AND": {"bed", "long"},
    "told AND nobody": {"bed"}, "bed OR bus": set(), "NEAR(bed manager)": set(), "tokens:bed": set(),
    "bed:*": {"bed", "manager", "manager of beds"}, "bed & manager | !his": {"manager of beds"},
    "'bed'": {"bed", "manager", "manager of beds"}, "bed\\": {"bed", "manager", "manager of beds"},
    '"bed manager': {"manager", "manager of beds"}, "=t": set(), "\x00": set(), "<script>": set(),
    "w" * 150: {"long"}, "after word": {"long"}, "wwwww*": {"long"},
}
