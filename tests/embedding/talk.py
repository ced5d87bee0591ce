"""What people might say of eight things, in five languages: made up here, a sentence at a time, to measure by."""

TOPICS: dict[str, dict[str, tuple[str, ...]]] = {
    "waiting for an appointment": {
        "en": (
            "We waited eleven months for the first appointment and nobody rang to say why.",
            "They said six weeks. It was nearly a year before anyone saw her.",
            "Every time I phoned I was told she was still on the list.",
            "The letter came, then another letter to cancel it, and we were back at the bottom of the queue.",
            "By the time our turn came round, he had stopped believing it ever would.",
        ),
        "es": ("Esperamos once meses para la primera cita y nadie nos llamó para explicarnos por qué.",),
        "fr": ("On nous avait dit six semaines, et il a fallu presque un an avant que quelqu'un la voie.",),
        "de": ("Jedes Mal, wenn ich anrief, hieß es, sie stehe noch auf der Warteliste.",),
        "pt": ("Quando chegou a nossa vez, ele já tinha deixado de acreditar.",),
    },
    "getting there": {
        "en": (
            "It takes two buses to get to the hospital and the second one hardly ever comes.",
            "I can't drive any more, so I depend on my neighbour to take me to the clinic.",
            "The taxi home cost more than our food for the week.",
            "There was nowhere to park, so we walked from the other side of town with the pushchair.",
            "They moved the clinic out to the ring road and the bus doesn't go there.",
        ),
        "es": ("Hay que tomar dos autobuses para llegar al hospital y el segundo casi nunca viene.",),
        "fr": ("Je ne conduis plus, alors c'est ma voisine qui m'emmène au centre de soins.",),
        "de": ("Das Taxi nach Hause hat mehr gekostet als unser Essen für die Woche.",),
        "pt": ("Não havia onde estacionar, por isso viemos a pé do outro lado da cidade com o carrinho.",),
    },
    "being listened to": {
        "en": (
            "The nurse sat down, looked at me and asked what mattered to me.",
            "For the first time somebody believed what I was saying about the pain.",
            "He talked to my husband the whole time, as if I was not in the room.",
            "They never once asked my daughter what she thought.",
            "She wrote down my own words and read them back to me, and I felt heard.",
        ),
        "es": ("La enfermera se sentó, me miró y me preguntó qué era importante para mí.",),
        "fr": ("Pour la première fois, quelqu'un a cru ce que je disais de ma douleur.",),
        "de": ("Er hat die ganze Zeit mit meinem Mann geredet, als wäre ich gar nicht im Zimmer.",),
        "pt": ("Nunca perguntaram à minha filha o que ela achava.",),
    },
    "money and food": {
        "en": (
            "By the end of the month there is nothing left for the electric.",
            "I skip meals so that the children can have theirs.",
            "We got by on the food bank that winter, and I was ashamed to go.",
            "They stopped his benefits while he was in hospital and the rent went unpaid.",
            "Heating or eating, that is what it comes down to in our house.",
        ),
        "es": ("A final de mes no queda nada para pagar la luz.",),
        "fr": ("Je saute des repas pour que les enfants aient le leur.",),
        "de": ("In dem Winter sind wir nur mit der Tafel über die Runden gekommen, und ich habe mich geschämt.",),
        "pt": ("Cortaram-lhe o subsídio enquanto estava no hospital e a renda ficou por pagar.",),
    },
    "neighbours and community": {
        "en": (
            "The women from the mosque brought us soup every evening.",
            "My neighbour keeps a key and looks in on me every morning.",
            "The gardening group got me out of the house and talking to people again.",
            "When the baby came, the whole street helped.",
            "At the choir on Thursdays nobody asks what is wrong with you, you just sing.",
        ),
        "es": ("Las mujeres de la mezquita nos traían sopa todas las tardes.",),
        "fr": ("Ma voisine garde une clé et passe me voir tous les matins.",),
        "de": ("Die Gartengruppe hat mich wieder aus dem Haus und unter Leute gebracht.",),
        "pt": ("Quando o bebé nasceu, a rua inteira ajudou.",),
    },
    "looking after somebody": {
        "en": (
            "I get up four times a night to turn him, and then I go to work.",
            "Nobody asks how the person who does the caring is.",
            "I have not had a day off from looking after Mum in three years.",
            "My sister and I take turns sleeping on the floor beside her bed.",
            "I gave up my job to care for my son and I would do it again.",
        ),
        "es": ("Me levanto cuatro veces cada noche para darle la vuelta, y luego voy a trabajar.",),
        "fr": ("Personne ne demande comment va celle qui s'occupe du malade.",),
        "de": ("Ich habe seit drei Jahren keinen freien Tag gehabt, weil ich meine Mutter pflege.",),
        "pt": ("Deixei o meu emprego para cuidar do meu filho e voltaria a fazê-lo.",),
    },
    "language": {
        "en": (
            "There was no interpreter, so my ten-year-old had to translate for the doctor.",
            "They gave me a leaflet in English, and I cannot read English.",
            "I nodded, but I did not understand a word of what the consultant said.",
            "An interpreter on the telephone is not the same as somebody in the room.",
            "They use long words, and then they hurry off before you can ask what they mean.",
        ),
        "es": ("No había intérprete, así que mi hija de diez años tuvo que traducir al médico.",),
        "fr": ("On m'a donné une brochure en anglais, et je ne sais pas lire l'anglais.",),
        "de": ("Ich habe genickt, aber kein Wort von dem verstanden, was der Arzt gesagt hat.",),
        "pt": ("Um intérprete ao telefone não é a mesma coisa que alguém na sala.",),
    },
    "home": {
        "en": (
            "There is black mould in the bedroom and the baby coughs all night.",
            "The lift has been broken since March and I live on the ninth floor.",
            "We are five in one room, and the landlord will not answer.",
            "They would not send her home until there was a rail by the stairs, and nobody came to fit it.",
            "The damp runs down the walls in winter and our clothes are never dry.",
        ),
        "es": ("Hay moho negro en el dormitorio y el bebé tose toda la noche.",),
        "fr": ("L'ascenseur est en panne depuis mars et j'habite au neuvième étage.",),
        "de": ("Wir sind zu fünft in einem Zimmer, und der Vermieter meldet sich nicht.",),
        "pt": ("No inverno a humidade escorre pelas paredes e a roupa nunca seca.",),
    },
}

SENTENCES = tuple((topic, language, text) for topic, spoken in TOPICS.items() for language, texts in spoken.items()
                  for text in texts)
