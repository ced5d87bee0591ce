"""Welsh: suggested, for a speaker to check."""

from server.domain.consent import Use
from server.domain.consent_wording import Question, Wording

FULL = Wording(
    title="Rhannu eich stori",
    introduction=(
        "Hoffem glywed sut brofiad fu gofal i chi. Chi sy’n dewis beth sy’n digwydd i’ch stori. "
        "Gallwch ddweud na wrth unrhyw beth isod. Nid yw dweud na yn newid dim am y gofal a gewch. "
        "Gallwch newid eich meddwl yn nes ymlaen: mae eich derbynneb yn dweud sut."
    ),
    questions={
        Use.RECORD: Question(
            "Gawn ni recordio eich llais?",
            "Rydym yn cadw’r sain er mwyn i bobl eich clywed yn ei ddweud yn eich ffordd eich hun.",
        ),
        Use.TRANSCRIBE: Question(
            "Gawn ni ysgrifennu’r hyn a ddywedwch yn y recordiad?",
            "Un o’n cyfrifiaduron ni sy’n ysgrifennu’r geiriau. Nid oes dim yn cael ei anfon at gwmni arall.",
        ),
        Use.COMMISSIONERS: Question(
            "Gaiff y bobl sy’n cynllunio gofal ac yn talu amdano glywed a darllen eich stori?",
            "Maen nhw’n gweld yr enw a ddewisoch ar gyfer y stori, nid eich enw eich hun.",
        ),
        Use.BOARD: Question(
            "Gawn ni rannu eich stori gyda’r bwrdd sy’n penderfynu am ofal?",
            "Efallai y caiff ei chwarae neu ei darllen mewn cyfarfod o’r bwrdd.",
        ),
        Use.PUBLICATION: Question(
            "Gawn ni ddyfynnu eich geiriau mewn adroddiadau, heb eich enw?",
            "Gall pobl eraill ddarllen adroddiad. Geiriau ysgrifenedig yn unig sydd ynddo: nid eich llais na’ch "
            "lluniau.",
        ),
        Use.PHOTOS: Question(
            "Gawn ni dynnu lluniau a’u dangos gyda’ch stori?",
            "Rydym yn tynnu allan y lle a’r amser y mae ffôn yn eu cuddio mewn llun. Dim ond y bobl y cytunoch iddyn "
            "nhw eu gweld sy’n eu gweld.",
        ),
    },
)

EASY = Wording(
    title="Eich stori, eich dewis",
    introduction=(
        "Rydym ni eisiau clywed eich stori. Chi sy’n dewis beth sy’n digwydd iddi. Gallwch ddweud na. "
        "Mae dweud na yn iawn. Bydd eich gofal yn aros yr un fath. Gallwch newid eich meddwl wedyn."
    ),
    questions={
        Use.RECORD: Question(
            "Gawn ni recordio eich llais?",
            "Rydym yn cadw’r sain. Gall pobl eich clywed yn ei ddweud yn eich ffordd eich hun.",
        ),
        Use.TRANSCRIBE: Question(
            "Gawn ni ysgrifennu eich geiriau?",
            "Mae cyfrifiadur yn ysgrifennu beth ddywedoch chi. Ein cyfrifiadur ni yw e. Nid oes cwmni arall yn cael "
            "eich geiriau.",
        ),
        Use.COMMISSIONERS: Question(
            "Gaiff y bobl sy’n cynllunio gofal glywed eich stori?",
            "Nhw sy’n dewis pa ofal sydd ar gael. Nhw sy’n talu amdano. Dydyn nhw ddim yn gweld eich enw go iawn.",
        ),
        Use.BOARD: Question(
            "Gaiff y bwrdd glywed eich stori?",
            "Grŵp o bobl yw’r bwrdd. Maen nhw’n penderfynu am ofal. Efallai y byddan nhw’n clywed eich stori mewn "
            "cyfarfod.",
        ),
        Use.PUBLICATION: Question(
            "Gawn ni roi eich geiriau mewn adroddiad?",
            "Gall pobl eraill ddarllen adroddiad. Nid yw eich enw ynddo. Nid yw eich llais ynddo. Nid yw eich lluniau "
            "ynddo.",
        ),
        Use.PHOTOS: Question(
            "Gawn ni dynnu lluniau?",
            "Rydym yn eu dangos gyda’ch stori. Mae ffôn yn cuddio’r lle a’r amser mewn llun. Rydym yn tynnu’r rheini "
            "allan. Dim ond pobl y dywedoch ie wrthyn nhw sy’n gweld y lluniau.",
        ),
    },
)
