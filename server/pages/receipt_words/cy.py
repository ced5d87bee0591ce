"""A receipt's pages in Welsh: suggested, for a speaker to check."""

from dataclasses import replace

from server.domain.consent import Given, Scope, Use
from server.pages.receipt_words.shape import OfScope, Words
from server.services.uses_made import Used

FULL = Words(
    skip="Neidio i’r prif gynnwys",
    footer="Mae Earshot yn dod â straeon pobl i glyw’r rhai sy’n cynllunio eu gofal. "
           "Dim ond fel y cytunodd y sawl a’i hadroddodd y caiff pob stori ei defnyddio.",
    back="Yn ôl i fy nerbynneb",
    receipt="Eich derbynneb",
    problem="Mae problem",
    months=("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref",
            "Tachwedd", "Rhagfyr"),
    day="{day} {month} {year}",
    yes="Ie",
    no="Na",
    full="Testun llawn",
    easy="Hawdd ei ddarllen",
    other_languages="Ieithoedd eraill",
    locked="Mae’r dderbynneb hon wedi’i chloi, fel na all neb arall ei hagor.",
    name_label="Teipiwch yr enw sydd arnoch chi yn eich stori",
    name_hint="Dyma’r enw a ddewisoch pan siaradoch chi â ni. Nid yw llythrennau mawr neu fach yn gwneud gwahaniaeth.",
    name_missing="Teipiwch yr enw sydd arnoch chi yn eich stori.",
    name_wrong="Nid dyna’r enw. Edrychwch sut mae’n cael ei sillafu, yna rhowch gynnig arall arni.",
    open_it="Agor fy nerbynneb",
    forgotten=("Os nad ydych yn cofio’r enw, gofynnwch i’r person a wrandawodd arnoch, neu i unrhyw un sy’n gweithio "
               "ar y prosiect.",
               "Gallan nhw hefyd dynnu eich stori yn ôl ar eich rhan."),
    unknown_title="Nid yw’r stori hon yma eto",
    unknown=("Efallai ei bod ar ffôn y person a wrandawodd arnoch o hyd. Mae’n ddiogel yno, a daw yma pan fydd gan y "
             "ffôn hwnnw signal.",
             "Edrychwch eto yfory. Os teipioch chi’r cod, gwnewch yn siŵr ei fod yr un fath ag ar eich derbynneb."),
    type_again="Teipio’r cod eto",
    wait_title="Bu gormod o geisiadau",
    wait=("Arhoswch {minutes} munud, yna rhowch gynnig arall arni.", "Nid oes dim wedi digwydd i’ch stori."),
    ended_title="Cafodd eich stori ei thynnu’n ôl",
    ended="Cafodd ei thynnu’n ôl ar {day}. Rydym wedi dileu’r hyn a ddywedoch wrthym, ac ni all neb ei defnyddio "
          "mwyach.",
    ended_on_time="Daeth i ben ar {day}, am mai dim ond am hyn a hyn o amser y mae’r prosiect yn cadw straeon. Rydym "
                  "wedi dileu’r hyn a ddywedoch wrthym.",
    taken_back_title="Cafodd eich stori ei chymryd yn ôl",
    taken_back="Cafodd ei chymryd yn ôl ar {day}, a’i dileu ar ffôn y person a wrandawodd arnoch. Ni ddaeth "
               "atom erioed. "
               "Os caiff copi ei anfon byth, byddwn yn ei wrthod.",
    ended_together="Os gwnaethoch ei hadrodd gydag eraill, efallai fod un ohonoch wedi gofyn am hyn. Ni ellir gwahanu "
                   "lleisiau mewn un recordiad.",
    ended_kept="Yr unig beth a gadwn yw bod stori wedi bod, yr hyn y cytunoch iddo, y diwrnod y daeth i ben, a "
               "pham, os "
               "dywedoch wrthym. Nid oes angen i chi wneud dim arall.",
    ended_stays="Dim ond darnau a ddewisodd pobl o’ch geiriau sy’n aros. "
                "Ni all neb sy’n eu darllen ddweud pwy piau nhw.",
    ended_thanks="Diolch i chi am ei rhannu.",
    thanks="Diolch i chi am rannu eich stori",
    arrived="Cyrhaeddodd ni ar {day}, ar gyfer “{project}”.",
    called="Eich enw yn y stori yw {name}.",
    together="Gwnaethoch ei hadrodd gyda rhywun arall. Dim ond os yw pob un ohonoch yn dweud ie y caiff rhywbeth ei "
             "wneud.",
    nothing_agreed="Rydych yn dweud na wrth bob defnydd nawr, felly nid oes neb yn ei chlywed na’i darllen.",
    agreed_title="Yr hyn y cytunoch iddo",
    said={
        Given.SPOKEN: "Dywedoch hynny’n uchel ar {day}.",
        Given.SIGNED: "Llofnodoch chi hyn ar {day}.",
        Given.TICKED: "Dewisoch hyn ar sgrin ar {day}.",
        Given.PAPER: "Llofnodoch chi hyn ar bapur ar {day}.",
        Given.RECEIPT: "Newidioch chi hyn eich hun, ar y dudalen hon, ar {day}.",
    },
    uses={
        Use.RECORD: "Recordio eich llais",
        Use.TRANSCRIBE: "Ysgrifennu’r hyn a recordiwyd",
        Use.COMMISSIONERS: "Ei rhannu â’r bobl sy’n cynllunio’r gwasanaeth",
        Use.BOARD: "Ei dangos i fwrdd",
        Use.PUBLICATION: "Ei dyfynnu mewn print, heb enw",
        Use.PHOTOS: "Dangos eich lluniau",
    },
    until="Tan {day}",
    expired="Daeth eich ie i ben ar {day}, felly nid yw’n cael ei wneud mwyach.",
    not_asked="Nid oes neb wedi gofyn i chi, felly nid yw’n cael ei wneud.",
    not_all="Nid yw’n cael ei wneud nawr, am nad yw pob un ohonoch wedi cytuno.",
    over="Nid yw’n cael ei wneud mwyach, am fod y rhan honno wedi’i thynnu’n ôl.",
    used_title="Ble cafodd eich geiriau eu defnyddio",
    used_nothing="Ddim yn unman eto. Pan gânt eu defnyddio, gallwch ddarllen am hynny yma.",
    used={
        Used.SHOWN_TO_BOARD: "Ar {day} cafodd eich stori ei dangos i’r bwrdd.",
        Used.READ_BY_BOARD: "Ar {day} agorodd rhywun ar y bwrdd eich stori.",
        Used.FILE_FOR_REPORTS: "Ar {day} cafodd eich geiriau eu rhoi mewn ffeil ar gyfer adroddiadau.",
        Used.FILE: "Ar {day} cafodd eich geiriau eu rhoi mewn ffeil i bobl y prosiect.",
    },
    question="Cafodd ei dangos wrth ymyl y cwestiwn hwn:",
    used_hint="Dim ond eich stori chi sydd wedi’i rhestru yma.",
    change_title="Newid fy meddwl",
    change="Gallwch ddweud na wrth unrhyw ddefnydd ar unrhyw adeg. Nid oes rhaid dweud pam, ac nid yw’n newid dim am "
           "eich gofal.",
    change_button="Newid fy atebion",
    withdraw_title="Tynnu fy stori yn ôl",
    withdraw="Gallwch gael dileu popeth, neu dynnu rhan ohoni’n unig yn ôl.",
    erase_button="Dileu popeth",
    less_button="Tynnu rhan yn unig yn ôl",
    complain_title="Cwyno",
    complain="Os nad yw rhywbeth yn iawn, dywedwch wrth y person a wrandawodd arnoch, neu wrth unrhyw un sy’n gweithio "
             "ar y prosiect.",
    complain_project="Mae’r prosiect yn dweud ble i gwyno:",
    regulator="Gallwch gwyno bob amser i Swyddfa’r Comisiynydd Gwybodaeth. Mae’n gofalu am hawliau pobl dros yr hyn a "
              "gedwir amdanynt. Ei llinell gymorth yw {phone}, a’i thudalen yw {page}.",
    keep_title="Cadw hyn",
    keep="Gallwch argraffu’r dudalen hon neu ei chadw ar eich ffôn. Nid yw eich enw eich hun arni.",
    consent_file="Cadw’r hyn y cytunais iddo fel ffeil",
    share="Dangoswch eich derbynneb i bobl yr ydych yn ymddiried ynddynt yn unig.",
    close="Cau fy nerbynneb",
    closed="Os yw eraill yn defnyddio’r ffôn neu’r cyfrifiadur hwn, caewch eich derbynneb pan fyddwch wedi "
           "gorffen. Mae’n "
           "cau ohoni ei hun ar ôl hanner awr.",
    answers_title="Newid fy atebion",
    answers=("Mae na yn cyfrif o’r eiliad y byddwch yn ei ddewis.",
             "Gallwch fynd yn ôl at ie a roesoch i’r person a wrandawodd arnoch."),
    say_no="Dweud na",
    say_yes="Dweud ie eto",
    talk="I ddweud ie wrth hyn, siaradwch â’r person a wrandawodd arnoch.",
    saved="Wedi’i gadw",
    saved_no="Rydych nawr yn dweud na wrth hyn: {use}. Mae’n cyfrif o nawr ymlaen.",
    saved_yes="Rydych nawr yn dweud ie wrth hyn: {use}.",
    less_title="Tynnu rhan yn unig yn ôl",
    less="Dewiswch beth ddylai stopio neu fynd.",
    scopes={
        Scope.NO_NEW_USE: OfScope(
            "Stopio ei defnyddio",
            ("Rydym yn cadw eich stori, ac o nawr ymlaen ni chaiff neb weld, clywed na derbyn dim ohoni.",
             "Gallwch newid eich meddwl eto yn nes ymlaen."),
            "Ie, stopio ei defnyddio",
            "Ni chaiff neb weld, clywed na derbyn dim o’ch stori mwyach.",
            "Ar {day} gofynnoch i ni stopio defnyddio eich stori."),
        Scope.WORDS_ONLY: OfScope(
            "Dileu fy llais a’m lluniau, cadw fy ngeiriau",
            ("Rydym yn dileu’r recordiadau a’r lluniau.",
             "Mae eich geiriau’n aros, heb enwau a lleoedd, ar gyfer yr hyn y cytunoch iddo."),
            "Ie, dileu fy llais a’m lluniau",
            "Mae eich llais a’ch lluniau wedi’u dileu. Mae eich geiriau’n aros, heb enwau a lleoedd.",
            "Cafodd y llais a’r lluniau eu tynnu’n ôl ar {day}."),
        Scope.ANONYMOUS: OfScope(
            "Dileu popeth sy’n dweud mai fi piau hi",
            ("Rydym yn dileu’r recordiadau, y lluniau, yr enw yn eich stori a’r lle.",
             "Dim ond darnau a ddewisodd pobl o’ch geiriau sy’n aros. Ni all neb sy’n eu darllen ddweud pwy piau nhw.",
             "Gan na all neb ddweud mwyach, ni allem ddod o hyd iddynt i’w dileu yn nes ymlaen."),
            "Ie, dileu popeth sy’n dweud mai fi piau hi",
            "Mae beth bynnag a ddywedai mai eich stori chi oedd hi wedi’i ddileu.",
            "Cafodd beth bynnag sy’n dweud stori pwy yw hi ei dynnu’n ôl ar {day}."),
        Scope.ERASE: OfScope(
            "Dileu popeth",
            ("Rydym yn dileu’r hyn a ddywedoch wrthym: y recordiad, y geiriau, y lluniau, a’r hyn sy’n dangos eich bod "
             "wedi cytuno.",
             "Ni all neb ei chlywed, ei darllen na’i gweld eto."),
            "Ie, dileu popeth",
            "Rydym wedi dileu’r hyn a ddywedoch wrthym. Ni all neb ei defnyddio mwyach.",
            "Cafodd popeth ei dynnu’n ôl ar {day}."),
    },
    for_good="Ni ellir dadwneud hyn.",
    for_all="Gwnaethoch adrodd y stori hon gyda rhywun arall. Mae hyn yn digwydd i’r cyfan, hefyd i’r hyn a ddywedon "
            "nhw. Bydd eu derbynebau nhw’n dweud hynny. Ni ddywedir wrthynt pwy ofynnodd.",
    care="Nid yw’n newid dim am eich gofal.",
    sure_no="Na, gadael popeth fel y mae",
    done_title="Mae wedi’i wneud",
    next_title="Beth sy’n digwydd nawr",
    next_working="Mae ein cyfrifiaduron yn clirio’r copïau olaf. Mae hynny’n cymryd rhai oriau ar y mwyaf.",
    next_done="Mae pob copi y gallwn ei gyrraedd wedi mynd.",
    next_backups="Mae copïau wrth gefn yn cadw hen gopi tan {day}. Yna bydd yr un olaf wedi mynd.",
    next_files="Os rhoddwyd eich geiriau mewn ffeil neu adroddiad o’r blaen, gofynnwn i’r rhai sydd â hi eu "
               "tynnu allan.",
    keep_this="Gofynnwyd am hyn ar {day}. Argraffwch neu cadwch y dudalen hon.",
    to_receipt="Mynd i fy nerbynneb",
)

EASY = replace(
    FULL,
    footer="Dim ond fel y cytunoch chi y caiff eich stori ei defnyddio.",
    locked="Eich tudalen chi yw hon. Felly gofynnwn rywbeth mai chi’n unig sy’n ei wybod.",
    name_hint="Dewisoch yr enw hwn pan siaradoch chi â ni.",
    name_wrong="Nid dyna’r enw. Rhowch gynnig arall arni.",
    forgotten=("Ddim yn cofio’r enw?", "Gofynnwch i’r person a wrandawodd arnoch. Gallan nhw eich helpu."),
    unknown=("Efallai ei bod ar ffôn o hyd. Mae’n ddiogel yno.", "Edrychwch eto yfory.",
             "Deipioch chi’r cod? Edrychwch a yw’n gywir."),
    ended="Cafodd ei thynnu’n ôl ar {day}. Mae wedi’i dileu. Ni all neb ei defnyddio.",
    ended_on_time="Daeth i ben ar {day}. Roedd yr amser ar ben. Mae wedi’i dileu.",
    taken_back="Cafodd ei chymryd yn ôl ar {day}. Ni ddaeth atom erioed. Mae wedi’i dileu.",
    ended_together="Wnaethoch chi ei hadrodd gydag eraill? Efallai fod un ohonoch wedi gofyn am hyn.",
    ended_kept="Gwyddom fod stori wedi bod. Gwyddom beth y cytunoch iddo. Nid oes angen i chi wneud dim.",
    ended_stays="Mae rhai o’ch geiriau’n aros. Ni all neb sy’n eu darllen ddweud mai chi piau nhw.",
    ended_thanks="Diolch.",
    thanks="Diolch am eich stori",
    arrived="Daeth eich stori atom ar {day}. Mae ar gyfer “{project}”.",
    together="Gwnaethoch ei hadrodd gyda rhywun arall. Rhaid i bawb ddweud ie. Fel arall nid yw’n cael ei wneud.",
    nothing_agreed="Rydych yn dweud na wrth bopeth. Felly nid oes neb yn clywed eich stori.",
    uses={
        Use.RECORD: "Recordio eich llais",
        Use.TRANSCRIBE: "Ysgrifennu eich geiriau",
        Use.COMMISSIONERS: "Ei rhannu â phobl sy’n cynllunio gofal",
        Use.BOARD: "Ei rhannu â bwrdd",
        Use.PUBLICATION: "Rhoi eich geiriau mewn adroddiad",
        Use.PHOTOS: "Dangos eich lluniau",
    },
    expired="Daeth eich ie i ben ar {day}. Nid yw’n cael ei wneud nawr.",
    not_asked="Nid oes neb wedi gofyn i chi. Nid yw’n cael ei wneud.",
    not_all="Ni ddywedodd rhywun ie. Felly nid yw’n cael ei wneud.",
    over="Cafodd hyn ei dynnu’n ôl. Nid yw’n cael ei wneud.",
    used_nothing="Ddim yn unman eto. Edrychwch yma eto yn nes ymlaen.",
    used={
        Used.SHOWN_TO_BOARD: "Ar {day} gwelodd bwrdd eich stori.",
        Used.READ_BY_BOARD: "Ar {day} agorodd rhywun ar fwrdd eich stori.",
        Used.FILE_FOR_REPORTS: "Ar {day} aeth eich geiriau i ffeil. Mae’r ffeil ar gyfer adroddiadau.",
        Used.FILE: "Ar {day} aeth eich geiriau i ffeil. Mae’r ffeil ar gyfer pobl y prosiect.",
    },
    question="Gofynnwyd hyn i’r bwrdd:",
    used_hint="Mae’r rhestr hon am eich stori chi. Nid yw am straeon pobl eraill.",
    change="Gallwch ddweud na. Gallwch ddweud na ar unrhyw adeg. Bydd eich gofal yn aros yr un fath.",
    withdraw="Gallwch gael dileu eich stori. Y cyfan, neu ran.",
    complain="Oes rhywbeth o’i le? Dywedwch wrth y person a wrandawodd arnoch.",
    complain_project="Neu dywedwch wrth y prosiect:",
    regulator="Gallwch hefyd ddweud wrth Swyddfa’r Comisiynydd Gwybodaeth. Maen nhw’n gofalu am eich hawliau. Ffoniwch "
              "{phone}. Neu ewch i {page}.",
    keep="Gallwch argraffu’r dudalen hon. Gallwch ei chadw ar eich ffôn.",
    share="Dangoswch hyn i bobl yr ydych yn ymddiried ynddynt yn unig.",
    closed="Oes pobl eraill yn defnyddio’r ffôn hwn? Caewch y dudalen hon pan fyddwch wedi gorffen.",
    answers=("Gallwch ddweud na. Mae’n cyfrif ar unwaith.", "Gallwch fynd yn ôl at ie a roesoch o’r blaen."),
    talk="Hoffech chi ddweud ie? Siaradwch â’r person a wrandawodd arnoch.",
    saved_no="Rydych yn dweud na wrth hyn nawr: {use}.",
    less="Beth ddylai stopio, neu fynd?",
    scopes={
        Scope.NO_NEW_USE: replace(FULL.scopes[Scope.NO_NEW_USE], means=(
            "Rydym yn cadw eich stori.", "Nid oes neb yn ei chlywed. Nid oes neb yn ei darllen.",
            "Gallwch newid eich meddwl wedyn.")),
        Scope.WORDS_ONLY: replace(FULL.scopes[Scope.WORDS_ONLY], means=(
            "Rydym yn dileu eich llais.", "Rydym yn dileu eich lluniau.",
            "Mae eich geiriau’n aros. Mae enwau a lleoedd yn mynd.")),
        Scope.ANONYMOUS: replace(FULL.scopes[Scope.ANONYMOUS], means=(
            "Rydym yn dileu eich llais a’ch lluniau.", "Rydym yn dileu’r enw a’r lle.",
            "Mae rhai o’ch geiriau’n aros. Ni all neb sy’n eu darllen ddweud mai chi piau nhw.",
            "Felly ni allwn ddod o hyd iddynt i chi yn nes ymlaen.")),
        Scope.ERASE: replace(FULL.scopes[Scope.ERASE], means=(
            "Rydym yn dileu popeth a ddywedoch.", "Ni all neb ei chlywed, ei darllen na’i gweld eto.")),
    },
    for_all="Gwnaethoch ei hadrodd gyda rhywun arall. Mae eu rhan nhw’n mynd hefyd. Ni ddywedir wrthynt pwy ofynnodd.",
    care="Bydd eich gofal yn aros yr un fath.",
    next_working="Mae ein cyfrifiaduron yn dileu’r copïau olaf nawr. Mae hynny’n cymryd rhai oriau.",
    next_backups="Rydym yn cadw hen gopïau mewn lle diogel tan {day}. Yna maen nhw wedi mynd.",
    next_files="Oedd eich geiriau mewn ffeil neu adroddiad? Gofynnwn i bobl eu tynnu allan.",
)
