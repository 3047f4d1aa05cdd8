"""What the grader knows of languages: words that say little, words that deny, opposites, near synonyms, numbers and months."""

from __future__ import annotations

STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto",
    "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "no": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip

# Words that carry a sentence and say little; each language's articles stand in ARTICLES as well.
FUNCTION = {
    "en": """a an the this that these those it its it's he she they them him her his their theirs we us our you your i me my mine who whom whose which what
        where when why how is are was were be been being am do does did done has have had having will would shall should can could may might must of in
        on at by for to from with without into onto upon about as than then so and or but nor if because since while although though also too very just
        only there here such some any each every all both either neither one other another more most much many few own same up down out off over under
        again once during between through per via within among across toward towards after before until against even still yet ever however therefore
        thus hence like get gets got getting let lets make e.g i.e eg ie etc something someone thing things way really basically kind sort lot lots
        well quite rather perhaps maybe it'll they're there's that's he's she's i'm you're we're whether itself themselves himself herself yourself
        myself because cause cuz bc example means mean called refers known used using use uses""",
    "de": """der die das des dem den ein eine einen einem einer eines dieser diese dieses diesem diesen jener jene jenes er sie es wir ihr ihm ihn ihnen uns
        euch mir mich dir dich sich sein seine seinen seinem seiner ihre ihren ihrem ihrer mein dein unser und oder aber denn sondern doch wenn weil dass
        daß ob als wie wo was wer wen wem wann warum ist sind war waren bin bist seid sei wird werden wurde wurden worden geworden hat haben hatte hatten habe kann können
        konnte muss müssen musste soll sollen sollte darf dürfen will wollen wollte mag in im an am auf aus bei beim mit nach von vom vor zu zum zur für
        durch gegen um unter über zwischen während wegen auch noch schon nur sehr so dann da dort hier man mehr viel viele alle alles jede jeder jedes
        einige etwas bzw z.b. zb also sowie eben mal ja bis seit damit dabei daran darauf dadurch davon dazu welche welcher welches welchem welchen solche solcher solches solchen etwa ca gibt gab steht stand liegt geht kommt
        dafür darin daraus darüber dagegen daher dahin dazwischen deshalb deswegen darum somit hierbei hiermit dies jener deren dessen denen dir ihres seines unsere unser euer sollst sollt solltest müsst musst
        müsste müssten musste mussten könnten dürfen darfst kannst könntest wurdest würde würden wäre wären sei seien gewesen habt hast hattest hätte hätten wirst werdet möchte möchten
        jeweils jedoch allerdings zudem außerdem zusätzlich ebenfalls ebenso gegebenenfalls ggf evtl eventuell vielleicht insbesondere lediglich bereits immerhin sonst ansonsten dann danach davor vorher nachher während obwohl
        sobald solange sofern falls indem nachdem bevor ohnehin wieder weiter weitere weiterer weiteres weiteren gar ganz genau einfach wohl eher fast etwaige sowohl beziehungsweise dergleichen derselbe dieselbe dasselbe
        selbst selber sodass beide beiden beider jeden jedem irgend irgendwie irgendein irgendeine irgendwas irgendwelche hinsichtlich bezüglich anhand aufgrund mittels bezug fall fälle fällen weise art handelt bedeutet heißt nennt nämlich beispielsweise beispiel""",
    "pl": """i a o w we z ze na do od po za u przy przez dla bez pod nad przed między oraz lub albo ale lecz więc bo ponieważ że żeby aby gdy kiedy jeśli jeżeli jak
        jako co kto który która które którzy których któremu którego której to ta ten te ci tego tej tym tych temu się jest są był była było byli były być będzie będą
        może mogą można ma mają miał miała jego jej ich im mu go ją je on ona ono oni one my wy ja ty mnie mi cię ci nas nam was wam swój swoje
        też także już jeszcze tylko bardzo tak tam tu czy niż czyli np itd itp coś ktoś każdy wszystko wszystkie""",
    "fr": """le la les l' un une des du de d' au aux à en dans sur sous par pour avec sans chez vers entre et ou mais donc or car que qui quoi dont où quand
        comment pourquoi si ce cet cette ces il elle ils elles on nous vous je tu me te se lui leur leurs son sa ses mon ma mes ton ta tes notre votre est
        sont était étaient être été a ont avait avoir eu sera seront peut peuvent fait plus très aussi même comme tout tous toute toutes y c' qu' j' s' n'""",
    "es": """el la los las lo un una unos unas de del al a en por para con sin sobre entre hasta desde y e o u pero sino porque que quien quienes cual cuales
        cuando donde como si se su sus mi mis tu tus nuestro le les me te nos él ella ellos ellas ello yo es son era eran fue fueron ser sido está están
        estar ha han había haber hay puede pueden muy más también este esta estos estas ese esa esos eso esto todo todos toda todas ya""",
    "it": """il lo la i gli le l' un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal dalla in nel nella nei con su sul sulla per tra
        fra e ed o ma perché che chi cui quando dove come se si suo sua suoi sue mio tuo loro lui lei essi io tu noi voi è sono era erano fu essere stato ha
        hanno aveva avere può possono più molto anche questo questa questi quello quella ci ne""",
    "pt": """o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela para com sem sobre entre até e ou mas porque que quem qual quando onde
        como se seu sua seus suas meu minha ele ela eles elas eu tu nós é são era eram foi foram ser sido está estão estar tem têm tinha há pode podem muito
        mais também este esta isto esse isso""",
    "nl": """de het een van in op aan met voor door naar bij uit over onder tussen en of maar want omdat dat die dit deze wat wie waar wanneer waarom hoe als dan
        is zijn was waren wordt worden werd heeft hebben had kan kunnen moet moeten zal zou er ze zij hij hen hun haar we wij ik je jij u ook nog al zeer""",
    "ru": """и а но или в во на с со к ко у о об от до из за по под над при для без между через что чтобы как когда где кто который которая которое которые если
        потому это этот эта эти тот та те он она оно они его её ее их ему им мы вы я ты был была было были быть есть будет может могут так же ли бы уже ещё
        еще только очень также""",
    "cs": """a i o v ve z ze na do od po za u při pro bez pod nad před mezi nebo ale že aby když jako co kdo který která které to ta ten te se si je jsou byl
        byla bylo být bude má mají jeho její jejich on ona ono oni také už jen velmi""",
    "sv": """den det en ett de dem som och eller men att i på av för med till från om vid är var vara blir blev har hade kan ska inte han hon vi jag du sig sin sitt
        sina man också mycket""",
    "da": """den det en et de dem som og eller men at i på af for med til fra om ved er var være bliver blev har havde kan skal han hun vi jeg du sig sin sit
        sine man også meget""",
    "ar": """في من إلى الى على عن مع أو او ثم أن ان إن هو هي هم هذا هذه ذلك تلك التي الذي الذين كان كانت كانوا يكون تكون يكن تكن قد كل ما إذا عند عندما بين حتى أي هناك كما لكن لأن فقط أيضا جدا عليه عليها فيه فيها منه منها به بها له لها""",
    "he": """של את על אל עם מן או גם כי אם הוא היא הם הן זה זו זאת אלה אשר היה הייתה היו יהיה תהיה יש כל כאשר בין עד רק מאוד אך אבל לכן אז בו בה לו לה""",
    "la": "et in ad cum ex de per pro ut est sunt esse qui quae quod is ea id hic haec hoc non aut vel sed ab a",
}  # fmt: skip
ARTICLES = {
    "en": "a an the", "de": "der die das des dem den ein eine einen einem einer eines", "fr": "le la les l un une des du", "es": "el la los las un una unos unas",
    "it": "il lo la i gli le l un uno una", "pt": "o a os as um uma", "nl": "de het een", "sv": "en ett den det", "da": "en et den det",
}  # fmt: skip
NEGATIONS = {
    "en": "not no never none nobody nothing neither nor cannot without lack lacks lacking fails fail failed n't unable doesnt dont didnt isnt arent wasnt "
    "werent wont wouldnt couldnt shouldnt cant hasnt havent hadnt aint refuse refused refuses hardly prevent prevents prevented preventing avoid avoids avoided avoiding stop stops stopped stopping",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder nirgends nirgendwo",
    "pl": "nie nigdy nikt nic żaden żadna żadne bez ani brak", "fr": "ne pas non jamais aucun aucune rien personne sans ni n",
    "es": "no nunca jamás nadie nada ningún ninguna ninguno sin ni tampoco", "it": "non no mai nessuno nessuna niente nulla senza né",
    "pt": "não nunca jamais ninguém nada nenhum nenhuma sem nem", "nl": "niet geen nooit niemand niets zonder noch", "ru": "не нет никогда никто ничто ничего без ни нельзя",
    "cs": "ne není nejsou nikdy nikdo nic žádný bez ani", "sv": "inte ej aldrig ingen inget inga utan", "da": "ikke aldrig ingen intet uden", "la": "non nec neque nunquam nemo nihil sine",
    "ar": "لا لم لن لما ليس ليست ليسوا غير بدون دون بلا عدم ولا ولم ولن وليس وليست", "he": "לא אין בלי ללא אינו אינה אינם אינן איננו איננה ואין ולא מעולם לעולם אף", "hi": "नहीं न मत बिना", "tr": "değil yok hiç", "uk": "не ні ніколи ніхто без", "fi": "ei eivät ilman", "hu": "nem nincs soha nélkül", "ro": "nu niciodată fără", "el": "δεν μη μην χωρίς ποτέ", "no": "ikke aldri ingen uten", "nb": "ikke aldri ingen uten",
}  # fmt: skip
# Verbs that deny what follows them: "to stop it spreading" is "so that it does not spread".
HINDERING = frozenset(("refuse", "refused", "refuses", "fail", "fails", "failed", "lack", "lacks", "lacking", "prevent", "prevents", "prevented", "preventing", "avoid", "avoids", "avoided", "avoiding", "stop", "stops", "stopped", "stopping"))  # fmt: skip
# Languages in which two denials are still one: ne … pas, nikt nie, no … nunca.
CONCORD = frozenset(("fr", "pl", "es", "it", "pt", "ru", "uk", "cs", "sk", "bg", "he", "ar", "ro", "hu", "el", "ca"))
# Words of direction that an article has grown together with.
CONTRACTED = {
    "vom": "von",
    "zum": "zu",
    "zur": "zu",
    "ins": "in",
    "im": "in",
    "aufs": "auf",
    "del": "de",
    "du": "de",
    "des": "de",
    "al": "a",
    "au": "à",
    "aux": "à",
    "dal": "da",
    "nel": "in",
}
AND = {
    "en": "and or", "de": "und oder", "pl": "i oraz a lub", "fr": "et ou", "es": "y e o u", "it": "e ed o", "pt": "e ou", "nl": "en of", "ru": "и или", "he": "או", "ar": "أو",
}  # fmt: skip
HEDGES = {"en": "or maybe perhaps possibly either", "de": "oder vielleicht entweder", "pl": "lub albo może", "fr": "ou peut-être soit", "es": "o u quizás", "it": "o oppure forse", "pt": "ou talvez", "nl": "of misschien", "ru": "или может", "ar": "أو أم ربما إما", "he": "או אולי", "zh": "或 也许 可能", "ja": "か たぶん"}  # fmt: skip
COMPARED = {
    "en": "from to than into before after by over under above below", "de": "von zu nach als aus vor in durch über unter auf", "pl": "z ze do od niż przed po przez", "fr": "de à vers que avant après par",
    "es": "de desde a hacia que antes después por en sobre", "ar": "من إلى الى قبل بعد في على عن", "he": "אל מן לפני אחרי על מ", "it": "da a verso di che prima dopo", "pt": "de desde a para que antes depois por", "nl": "van naar dan voor na door", "ru": "из от в к до после чем",
}  # fmt: skip
# Two words in one group say nearly the same to a learner.
ALIKE = {
    "en": """big large huge great|small little tiny|begin start commence initiate|end finish stop cease terminate|show display reveal demonstrate indicate tell|
        make produce create generate form build construct|give provide supply offer|need require|help aid assist support|keep maintain preserve hold|
        get obtain acquire receive gain|change alter vary modify transform convert turn|move travel go flow shift|quick fast rapid|slow gradual|
        hot warm heated|cold cool chilly|wet moist damp|light bright|increase rise grow raise climb|decrease fall drop reduce lower decline shrink lessen|
        break split divide separate|join connect link attach combine unite|take absorb|contain hold include comprise|important significant vital crucial essential|
        happen occur take-place|cause lead result|reason purpose|kill murder|fight battle combat|war conflict|leader ruler head chief|country nation state|
        person human people individual|child kid|man men|woman women|car automobile vehicle|job work task|house home|area region zone district|
        part piece component section|kind type sort|group set|amount quantity number|size volume|speed velocity|power force strength|fire burn|
        eat consume feed|speak talk say|see look view observe notice|hear listen|think believe|know understand|want desire wish|try attempt|
        choose select pick|find discover locate|near close next|far distant|hard difficult tough|easy simple|correct right true accurate|wrong incorrect false|
        same identical equal alike|different distinct unlike|whole entire complete full total|empty vacant|strong powerful|weak feeble|rich wealthy|poor|
        old ancient|new recent modern|top upper|bottom lower|inside within internal interior|outside external exterior|protect defend guard shield|
        attack assault|win victory|lose loss|buy purchase|sell|pay|send transmit|receive|carry transport convey|push|pull|throw toss|fix repair mend|
        damage harm hurt injure destroy ruin spoil|die death dead|live alive life|doctor physician|illness disease sickness|medicine drug|food nutrition nutrient|water liquid fluid|
        rock stone|soil earth ground dirt|sea ocean|wood timber|road street|ship boat|king monarch|law rule|agree accept consent|refuse reject decline|
        allow permit let enable|prevent block stop hinder avoid|force compel|mix blend mixture|measure gauge|compare contrast|explain describe|
        use utilize employ|store save keep|let permit|test experiment trial|vibrate vibration shake oscillate|sound noise|pitch|bulb lamp|
        spread distribute|gather collect|rub scrape|scratch|bend curve|shape form|color colour|smell odor|cut slice|cover coat|surface face|
        heavy|high tall|long lengthy|short brief|wide broad|thin narrow|thick|enough sufficient|many numerous|often frequent|always|sometimes|rarely seldom|
        money cash funds|cost price|profit gain|company firm business|government state|army military troops soldiers|soldier|found establish|rebuild reconstruct|
        blame guilt responsibility|freedom liberty|equality|poverty|growth|programme program plan scheme|american us usa america united-states|british britain uk|soviet ussr russia russian|
        german germany|french france|sun solar|moon lunar|approximately about around roughly nearly|percent percentage|dollar dollars usd|identical same|
        determine find decide|result outcome effect consequence|react reaction|dissolve|evaporate|absorb soak|release emit|substance material matter|
        organism creature animal|cell|offspring young child baby|parent|ancestor|survive live|adapt|environment surroundings habitat|heat thermal|electric electrical electricity|
        overthink|hesitate|membrane|permeable|potential|fear afraid scared|father dad|mother mom mum|bacteria germs microbe""",
    "de": """groß riesig|klein winzig|beginnen anfangen starten|enden aufhören beenden|zeigen darstellen vorzeigen|machen herstellen erzeugen produzieren|geben liefern|
        brauchen benötigen|helfen unterstützen|ändern verändern|bewegen|schnell rasch|steigen ansteigen wachsen zunehmen erhöhen vergrößern|sinken absinken fallen abfallen abnehmen verringern senken zurückgehen verkleinern|
        auto fahrzeug wagen|arbeit job|haus gebäude|teil stück|art typ sorte|menge anzahl|kraft stärke|richtig korrekt|falsch inkorrekt|gleich identisch|ganz vollständig komplett|
        informieren mitteilen melden sagen berichten bekanntgeben|fragen nachfragen erkundigen|notieren angeben aufschreiben vermerken festhalten dokumentieren eintragen protokollieren erfassen niederschreiben|gespräch unterhaltung dialog|
        personal mitarbeiter verkäufer angestellte belegschaft|krieg konflikt|könig monarch herrscher|erlauben gestatten zulassen genehmigen|erlaubnis zustimmung genehmigung einverständnis|verhindern vermeiden unterbinden|
        foto bild fotografie aufnahme fotografieren|kaufen erwerben einkaufen besorgen|zahlen bezahlen begleichen|kosten preis ausgaben|geld mittel|kunde käufer|geschäft laden shop|ware produkt artikel|firma unternehmen betrieb|
        sauber rein|schmutzig dreckig|kaputt defekt beschädigt|benutzen verwenden nutzen gebrauchen einsetzen anwenden|erhalten bekommen kriegen|auswählen wählen aussuchen|beliebig egal irgendein|uhrzeit zeitpunkt tageszeit|
        einschränkung begrenzung beschränkung|ende schluss abschluss|beenden abschließen|anfang beginn start|ursache grund|folge wirkung ergebnis resultat auswirkung|ziel zweck absicht|aufgabe funktion|verbinden verknüpfen koppeln|
        trennen teilen spalten|entstehen bilden|umwandeln verwandeln umsetzen|aufnehmen absorbieren|abgeben freisetzen aussenden|enthalten umfassen beinhalten|fördern begünstigen unterstützen|hemmen bremsen|schützen bewahren verteidigen|
        angreifen attackieren|sieg gewinn erfolg|niederlage verlust|sterben tod umkommen|töten ermorden umbringen|leben existieren|arzt mediziner doktor|krankheit leiden|medikament arznei arzneimittel|nahrung essen lebensmittel|
        wasser flüssigkeit|erde boden|meer ozean see|straße weg|schiff boot|gesetz regel vorschrift|staat land nation|stadt|bevölkerung bewohner einwohner|volk|regierung|macht herrschaft|heer armee truppen militär|soldat|
        wichtig bedeutend wesentlich|genau exakt präzise|schwierig schwer|leicht einfach|wahrscheinlich vermutlich|ungefähr etwa|häufig oft|selten|immer stets jederzeit|sofort gleich unverzüglich umgehend|warten|suchen|finden entdecken|
        bauen errichten konstruieren|zerstören vernichten|reparieren ausbessern|messen bestimmen ermitteln|berechnen ausrechnen|prüfen kontrollieren testen überprüfen|vergleichen|beschreiben schildern|erklären erläutern|
        denken überlegen|wissen kennen|verstehen begreifen|sprechen reden|hören|sehen schauen blicken|gehen laufen|reisen fahren|tragen transportieren befördern|senden schicken übertragen|speichern aufbewahren lagern|
        schnelligkeit geschwindigkeit tempo|hitze wärme|kälte|licht helligkeit|lärm geräusch schall|farbe|größe umfang|höhe|länge|gewicht masse|druck|kind nachwuchs|mutter mama|vater papa|freund kamerad|feind gegner|eigenschaft merkmal|
        unterschied differenz|vorteil nutzen|nachteil|risiko gefahr|sicherheit schutz|recht anspruch|pflicht|vertrag abkommen vereinbarung|streit auseinandersetzung|aufstand revolte rebellion|freiheit|gleichheit|armut|reichtum wohlstand|
        anzeichen zeichen symptom|begrüßen grüßen|verabschieden|höflich freundlich nett|tür eingang|geöffnet offen auf|geschlossen gesperrt zu""",
    "pl": "duży wielki ogromny|mały niewielki|zaczynać rozpoczynać|kończyć|pokazywać przedstawiać|robić tworzyć wytwarzać|potrzebować wymagać|szybki prędki|rosnąć zwiększać|maleć zmniejszać|wojna konflikt|król władca|samochód auto",
}  # fmt: skip
OPPOSITES = {
    "en": """high low|higher lower|up down|increase decrease|increase lower|increase reduce|raise reduce|increases decreases|rise fall|raise lower|more less|more fewer|most least|greater less|greater smaller|larger smaller|bigger smaller|
        maximum minimum|positive negative|inside outside|internal external|before after|first last|early late|earlier later|open closed|open close|hot cold|warm cool|
        strong weak|fast slow|faster slower|hard soft|harder softer|hard easy|long short|longer shorter|wide narrow|thick thin|heavy light|heavier lighter|
        rough smooth|wet dry|full empty|rich poor|old new|old young|good bad|true false|right wrong|right left|same different|identical different|similar different|always never|all none|
        active passive|accept refuse|accept reject|allow refuse|allow prevent|allow forbid|win lose|won lost|gain lose|gain loss|begin end|start stop|start end|
        attract repel|absorb release|absorb emit|absorb reflect|connect disconnect|connected disconnected|connected separated|complete incomplete|complete broken|expand contract|push pull|
        north south|east west|eastern western|northern southern|male female|parent child|cause effect|buy sell|import export|supply demand|victory defeat|war peace|
        haploid diploid|mitosis meiosis|endothermic exothermic|anode cathode|cation anion|acid base|acidic basic|acidic alkaline|convex concave|visible invisible|
        public private|rural urban|internal external|direct indirect|voluntary involuntary|above below|over under|top bottom|front back|near far|closer farther|
        presence absence|present absent|success failure|succeed fail|profit loss|credit debit|asset liability|luxury necessity|luxuries necessities|elastic inelastic|inflation deflation|
        hyper hypo|afferent efferent|dominant recessive|solid liquid|liquid gas|solid gas|conductor insulator|series parallel|dark light|day night|alive dead|life death|
        majority minority|friend enemy|love hate|optimist pessimist|permanent temporary|ascend descend|advance retreat|export import|ally enemy|add subtract|multiply divide|
        with without|clockwise counterclockwise|strengthen weaken|strong weaken|widen narrow|improve worsen|encourage discourage|create destroy|build destroy|accelerate decelerate|speed slow|heat cool|freeze melt|evaporate condense|inhale exhale|oxidation reduction|oxidised reduced|flexion extension|artery vein|abduction adduction|rise drop|grow shrink|gain lose|borrow lend|teach learn|arrive leave|enter exit|include exclude|synchronous asynchronous|odd even|input output|sender receiver|encrypt decrypt|upstream downstream|fixed variable|lit unlit|on off|yes no|
        restore abolish|introduce abolish|create abolish|establish abolish|keep abolish|found dissolve|grant deny|grant revoke|grant refuse|grant withdraw|give deny|give withdraw|give remove|abundant scarce|plentiful scarce|legal illegal|
        constant changing|stable unstable|reversible irreversible|soluble insoluble|symmetric asymmetric|lender borrower|debtor creditor|employer employee|host parasite|predator prey|assets liabilities|innate learned|primary secondary|often rarely|often seldom|usually rarely|shortage surplus|constant vary|constant variable|rise sink|shrink swell|
        optional mandatory|optional compulsory|forbidden allowed|forbid permit|ban allow|ban permit|support oppose|agree disagree|approve reject|appear disappear|arrive depart|unite divide|join leave|ancient modern|original copy|thesis antithesis""",
    "de": """hoch niedrig|höher niedriger|höher tiefer|steigen sinken|steigen fallen|steigen abnehmen|ansteigen abfallen|ansteigen absinken|ansteigen sinken|zunehmen abnehmen|zunehmen sinken|wachsen schrumpfen|aufnehmen abgeben|einatmen ausatmen|einführen ausführen|
        anschalten ausschalten|einschalten ausschalten|aufbauen abbauen|aufsteigen absteigen|öffnen schließen|anziehen abstoßen|erwärmen abkühlen|verdampfen kondensieren|gefrieren schmelzen|beschleunigen bremsen|
        stärken schwächen|erhöhen senken|vergrößern verkleinern|verbessern verschlechtern|fördern hemmen|aktivieren hemmen|ausdehnen zusammenziehen|senken erhöhen|heben senken|gewinnen verlieren|oft selten|häufig selten|mangel überschuss|zu- ab-|auf- ab-|ein- aus-|an- aus-|auf- zu-|hin- her-|mehr weniger|größer kleiner|groß klein|positiv negativ|innen außen|innerhalb außerhalb|vor nach|
        erste letzte|früh spät|früher später|offen geschlossen|warm kalt|heiß kalt|stark schwach|schnell langsam|hart weich|lang kurz|dick dünn|schwer leicht|nass trocken|
        voll leer|reich arm|alt neu|alt jung|gut schlecht|wahr falsch|richtig falsch|gleich verschieden|immer nie|aktiv passiv|annehmen ablehnen|erlauben verbieten|gewinnen verlieren|
        sieg niederlage|krieg frieden|norden süden|osten westen|kaufen verkaufen|import export|oben unten|links rechts|mit ohne|einführen abschaffen|gründen auflösen|erlauben verweigern|gewähren verweigern|gewähren entziehen|reichlich knapp|stabil instabil|löslich unlöslich|sichtbar unsichtbar|angeboren erlernt|erster zweiter|
        unterstützen bekämpfen|zustimmen ablehnen|erscheinen verschwinden|ankommen abreisen|vereinen teilen|freiwillig verpflichtend|legal illegal|schuldner gläubiger|räuber beute|angebot nachfrage|ursache wirkung|öffentlich privat|maximal minimal|ja nein""",
    "pl": """wysoki niski|wyższy niższy|rosnąć maleć|wzrost spadek|więcej mniej|większy mniejszy|duży mały|dodatni ujemny|pozytywny negatywny|przed po|pierwszy ostatni|wcześniej później|otwarty zamknięty|ciepły zimny|
        silny słaby|szybki wolny|długi krótki|gruby cienki|ciężki lekki|stary nowy|stary młody|dobry zły|prawda fałsz|zawsze nigdy|wygrać przegrać|wojna pokój|północ południe|wschód zachód|tak nie|unosić opadać|pełny pusty|rośnie maleje|rosną maleją|wzrosnąć spaść|kupować sprzedawać|zyskać stracić|często rzadko|przyjąć odrzucić|zwiększać zmniejszać|podnosić obniżać""",
    "ar": "ترتفع تنخفض|يرتفع ينخفض|يزداد ينقص|يزيد ينقص|كبير صغير|طويل قصير|حار بارد|قبل بعد|داخل خارج|قوي ضعيف|سريع بطيء|شمال جنوب|شرق غرب",
    "fr": "haut bas|supérieur inférieur|augmenter diminuer|plus moins|grand petit|positif négatif|avant après|premier dernier|ouvert fermé|chaud froid|fort faible|rapide lent|vrai faux|toujours jamais|oui non|guerre paix|nord sud|est ouest",
    "es": "alto bajo|mayor menor|aumentar disminuir|más menos|grande pequeño|positivo negativo|antes después|primero último|abierto cerrado|caliente frío|fuerte débil|rápido lento|verdadero falso|siempre nunca|sí no|guerra paz|norte sur|este oeste",
}  # fmt: skip
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en-short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pl-n": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar-east": "كانون2 شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين1 تشرين2 كانون1",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "he-in": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}  # fmt: skip
COUNTS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove vinte",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
}  # fmt: skip
# Hundred and thousand where they stand alone, and the little numbers of languages that say them in two ways.
HUNDREDS: dict[str, dict[str, float]] = {
    "en": {"hundred": 100, "thousand": 1e3}, "de": {"hundert": 100, "tausend": 1e3, "einhundert": 100, "eintausend": 1e3}, "pl": {"sto": 100, "tysiąc": 1e3}, "fr": {"cent": 100, "mille": 1e3},
    "es": {"cien": 100, "ciento": 100, "mil": 1e3}, "it": {"cento": 100, "mille": 1e3}, "pt": {"cem": 100, "mil": 1e3}, "nl": {"honderd": 100, "duizend": 1e3},
    "ar": {
        "صفر": 0, "اثنان": 2, "اثنا": 2, "اثنتا": 2, "اثنتان": 2, "اثنين": 2, "ثلاث": 3, "ثلاثة": 3, "أربع": 4, "أربعة": 4, "خمس": 5, "خمسة": 5, "ست": 6, "ستة": 6, "سبع": 7, "سبعة": 7, "ثمان": 8, "ثماني": 8, "ثمانية": 8,
        "تسع": 9, "تسعة": 9, "عشر": 10, "عشرة": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40, "خمسون": 50, "خمسين": 50, "مئة": 100, "مائة": 100, "ألف": 1e3, "مليون": 1e6,
    },
    "he": {
        "אפס": 0, "שתיים": 2, "שניים": 2, "שנים": 2, "שתים": 2, "שני": 2, "שתי": 2, "שלוש": 3, "שלושה": 3, "ארבע": 4, "ארבעה": 4, "חמש": 5, "חמישה": 5, "שש": 6, "שישה": 6, "שבע": 7, "שבעה": 7, "שמונה": 8, "תשע": 9, "תשעה": 9,
        "עשר": 10, "עשרה": 10, "עשרים": 20, "שלושים": 30, "ארבעים": 40, "חמישים": 50, "שישים": 60, "שבעים": 70, "שמונים": 80, "תשעים": 90, "מאה": 100, "אלף": 1e3, "מיליון": 1e6,
    },
}  # fmt: skip
FIRST = frozenset(("first", "erste", "erster", "ersten", "primero", "premier", "primo", "pierwszego"))  # of a month
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety", "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
    "fr": "vingt trente quarante cinquante soixante", "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
}  # fmt: skip
SCALES = {
    "hundred": 100, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12, "bn": 1e9, "mln": 1e6, "mio": 1e6, "mrd": 1e9,
    "tausend": 1e3, "hundert": 100, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "tysiąc": 1e3, "tysiące": 1e3, "tysięcy": 1e3, "milion": 1e6, "miliony": 1e6, "milionów": 1e6, "miliard": 1e9, "miliardów": 1e9,
    "mille": 1e3, "millones": 1e6, "mil": 1e3, "milliard": 1e9, "milliards": 1e9, "миллион": 1e6, "миллионов": 1e6, "тысяч": 1e3, "m": 1e6, "k": 1e3, "tn": 1e12,
}  # fmt: skip
UNITS = {
    "متر": "m", "مترا": "m", "أمتار": "m", "كيلومتر": "km", "كيلومترا": "km", "كيلومترات": "km", "كم": "km", "سنتيمتر": "cm", "سم": "cm", "غرام": "g", "غراما": "g", "جرام": "g", "غ": "g", "ملغ": "mg", "كيلوغرام": "kg", "كيلوغراما": "kg", "كيلوجرام": "kg",
    "كغ": "kg", "كجم": "kg", "لتر": "l", "لترا": "l", "بالمئة": "%", "بالمائة": "%", "מטר": "m", "מטרים": "m", "קילומטר": "km", "קילומטרים": "km", "גרם": "g", "גרמים": "g", 'מ"ג': "mg", 'ק"ג': "kg", 'ק"מ': "km", 'ס"מ': "cm", "קילוגרם": "kg", "קילוגרמים": "kg",
    "קילו": "kg", "ליטר": "l", "ליטרים": "l", "אחוז": "%", "אחוזים": "%", "metro": "m", "metros": "m", "kilómetro": "km", "kilómetros": "km", "mètre": "m", "mètres": "m", "kilomètre": "km", "kilomètres": "km", "metrów": "m", "metry": "m", "metr": "m",
    "kilometrów": "km", "kilometry": "km", "litrów": "l", "litry": "l", "litra": "l", "litr": "l", "litro": "l", "litros": "l", "kilogramo": "kg", "kilogramos": "kg", "gramo": "g", "gramos": "g", "gramme": "g", "grammes": "g", "kilogramme": "kg",
    "kilogrammes": "kg", "kilogramów": "kg", "kilogramy": "kg", "gramów": "g", "gramy": "g",
    "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km", "metre": "m", "metres": "m", "meter": "m", "meters": "m", "centimetre": "cm", "centimetres": "cm",
    "centimeter": "cm", "centimeters": "cm", "millimetre": "mm", "millimetres": "mm", "millimeter": "mm", "millimeters": "mm", "gram": "g", "grams": "g", "gramm": "g", "kilogram": "kg", "kilograms": "kg", "kilogramm": "kg", "kilo": "kg",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml", "second": "s", "seconds": "s", "sekunde": "s", "sekunden": "s", "minute": "min", "minutes": "min", "minuten": "min",
    "hour": "h", "hours": "h", "stunde": "h", "stunden": "h", "joule": "j", "joules": "j", "newton": "n", "newtons": "n", "volt": "v", "volts": "v", "ampere": "a", "amperes": "a", "amp": "a", "amps": "a", "watt": "w", "watts": "w",
    "hertz": "hz", "pascal": "pa", "pascals": "pa", "kelvin": "k", "millivolt": "mv", "millivolts": "mv", "mile": "mi", "miles": "mi", "foot": "ft", "feet": "ft", "inch": "in", "inches": "in", "pound": "lb", "pounds": "lb", "lbs": "lb", "day": "d", "days": "d", "year": "yr", "years": "yr",
    "celsius": "°c", "fahrenheit": "°f", "percent": "%", "percentage": "%", "prozent": "%", "procent": "%", "dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€", "eur": "€",
}  # fmt: skip
MEASURES = frozenset((*UNITS.values(), "km/h", "m/s", "mol", "ev", "db", "bar", "mg", "µg", "nm", "µm", "dm", "gb", "mb", "kb", "tb", "bit", "ohm", "ω", "£"))  # fmt: skip
# Pairs of opposites with all that take the same side; a word may stand in several. No little words: a denial before one means what follows it.
SIDES = {
    "en": """connected connect connects connecting connection joined linked attached together touching touch/separated separate disconnected unconnected apart detached gap isolated split|
        same identical equal alike similar share shared sharing/different differ difference separate own independent distinct another unlike unequal various other|
        open opened opens/closed shut close closes|complete whole full intact unbroken closed uninterrupted/incomplete partial broken interrupted damaged break breaks open|
        increase rise raise grow growth gain more higher larger bigger greater faster stronger heavier warmer hotter louder most maximum expand/
        decrease fall drop reduce lower decline shrink lose loss less fewer smaller slower weaker shorter lighter cooler colder quieter least minimum contract|
        positive/negative|inside within internal inner/outside external outer|earlier first/later last|hot warm/cold cool|strong/weak|fast quick/slow|hard rough/soft smooth|
        long tall/short|wide thick/narrow thin|heavy/light|wet/dry|full/empty|rich/poor|old/new young|good/bad|true right correct/false wrong incorrect|always/never|
        allow permit enable/prevent stop block forbid refuse|win won/lose lost|start begin/end finish stop|attract pull/repel push|absorb/release emit reflect|
        north/south|east/west|left/right|male/female|cause/effect|import/export|buy/sell|solid/liquid gas|visible/invisible|public/private|direct/indirect|above top/below bottom|near close/far|
        present presence/absent absence|alive live/dead die|add/subtract remove|create build make/destroy|affect affects influence/unaffected""",
    "de": """verbunden zusammen/getrennt|gleich gleiche selbe identisch/verschieden unterschiedlich ander|offen geöffnet/geschlossen zu|steigen ansteigen zunehmen wachsen erhöhen mehr höher größer stärker wärmer/sinken absinken fallen abfallen abnehmen verringern senken weniger niedriger kleiner tiefer schwächer kälter|aufnehmen/abgeben|
        positiv/negativ|innen innerhalb/außen außerhalb|vor früher zuerst/nach später zuletzt|warm heiß/kalt|stark/schwach|schnell/langsam|immer/nie|erlauben/verbieten verhindern|richtig wahr/falsch|links/rechts|nord/süd|ost/west""",
}  # fmt: skip
PRONOUNS = {
    "en": "they it them he she this these those that both each its their two everything all", "de": "sie es er diese dieser dieses beide ihr ihre", "pl": "one oni ono on ona to", "fr": "ils elles il elle ce", "es": "ellos ellas esto él ella",
}  # fmt: skip
# Ordinary words: known to be words (a typo never turns one short word into another), and worth less than a card's own.
PARTICLES_DE = """ab an auf aus bei dar durch ein fest fort frei heran heraus herein her hinaus hinein hinzu hin los mit nach statt teil über um unter voraus vor weg weiter wieder
    zurück zusammen zu"""
# German verbs with another vowel: infinitive, then forms; with any beginning before them (zu-genommen, ent-nimmt).
IRREGULAR_DE = (
    "nehmen:nimmt nimm nimmst nahm nahmen genommen|geben:gibt gib gibst gab gaben gegeben|steigen:stieg stiegen gestiegen|sinken:sank sanken gesunken|fallen:fällt fällst fiel fielen gefallen|"
    "gehen:geht ging gingen gegangen|kommen:kommt kam kamen gekommen|sprechen:spricht sprach sprachen gesprochen|brechen:bricht brach brachen gebrochen|treten:tritt trat traten getreten|"
    "treffen:trifft traf trafen getroffen|helfen:hilft half halfen geholfen|werfen:wirft warf warfen geworfen|sterben:stirbt starb starben gestorben|werben:wirbt warb geworben|lesen:liest las lasen gelesen|"
    "sehen:sieht sah sahen gesehen|essen:isst aß ass aßen gegessen|messen:misst maß mass maßen gemessen|fressen:frisst fraß gefressen|vergessen:vergisst vergaß vergass|schreiben:schrieb schrieben geschrieben|"
    "bleiben:blieb blieben geblieben|treiben:trieb trieben getrieben|scheiden:schied schieden geschieden|leiden:litt litten gelitten|schneiden:schnitt schnitten geschnitten|greifen:griff griffen gegriffen|"
    "gleichen:glich glichen geglichen|streiten:stritt stritten gestritten|fliegen:flog flogen geflogen|fliehen:floh flohen geflohen|fließen:floss flossen geflossen|schließen:schloss schlossen geschlossen|"
    "schießen:schoss schossen geschossen|ziehen:zog zogen gezogen|biegen:bog bogen gebogen|bieten:bot boten geboten|verlieren:verlor verloren|frieren:fror froren gefroren|wiegen:wog gewogen|"
    "finden:fand fanden gefunden|binden:band banden gebunden|singen:sang sangen gesungen|trinken:trank tranken getrunken|springen:sprang sprangen gesprungen|zwingen:zwang zwangen gezwungen|"
    "dringen:drang drangen gedrungen|gewinnen:gewann gewannen gewonnen|beginnen:begann begannen begonnen|schwimmen:schwamm geschwommen|tragen:trägt trug trugen getragen|schlagen:schlägt schlug schlugen geschlagen|"
    "fahren:fährt fuhr fuhren gefahren|laden:lädt lud luden geladen|wachsen:wächst wuchs wuchsen gewachsen|waschen:wäscht wusch gewaschen|schaffen:schuf schufen geschaffen|halten:hält hielt hielten gehalten|"
    "lassen:lässt ließ liess ließen gelassen|laufen:läuft lief liefen gelaufen|raten:rät riet rieten geraten|rufen:rief riefen gerufen|stoßen:stößt stieß stießen gestoßen|heben:hob hoben gehoben|"
    "stehen:steht stand standen gestanden|liegen:lag lagen gelegen|sitzen:saß sass saßen gesessen|bitten:bat baten gebeten|denken:dachte dachten gedacht|bringen:brachte brachten gebracht|wissen:weiß wusste wussten gewusst|"
    "kennen:kannte kannten gekannt|nennen:nannte nannten genannt|brennen:brannte brannten gebrannt|senden:sandte gesandt|wenden:wandte gewandt|stehlen:stiehlt stahl gestohlen|befehlen:befiehlt befahl befohlen|"
    "empfehlen:empfiehlt empfahl empfohlen|gelten:gilt galt galten gegolten|schmelzen:schmilzt schmolz schmolzen geschmolzen|entstehen:entstand entstanden|tun:tat taten getan"
)  # fmt: skip
ORDINARY_DE = """machen gemacht geben gegeben gibt nehmen genommen gehen gegangen kommen stehen stellen liegen legen setzen halten lassen bringen finden sehen zeigen sagen wissen denken glauben meinen
    tun getan werden bleiben bekommen erhalten brauchen benutzen verwenden verwendet nutzen führen durchführen durchgeführt erfolgen erfolgt entstehen entsteht bestehen besteht bilden gehören enthalten beinhalten beinhaltet umfassen
    dienen sorgen achten beachten berücksichtigen berücksichtigt sicherstellen versuchen beginnen enden ändern verfügen verfügung stattfinden stattgefunden darstellen anfertigen angefertigt entsprechend entsprechende
    neu neue alt groß große klein kleine gut gute schlecht hoch lang kurz viel wenig wichtig wichtige möglich möglichst notwendig nötig bestimmt einzig einzige verschieden verschiedene einzeln einzelne gesamt eigen eigene
    erst erste letzte nächste ander andere anderen besonders meist meistens oft häufig immer teil teile sache ding dinge person personen mensch menschen leute zeit jahr tag ort stelle seite zahl ende anfang frage antwort
    grund ziel zweck aufgabe aspekt aspekte komponente komponenten faktor faktoren element elemente punkt punkte bereich form weise zustand situation möglichkeit eigenschaft eigenschaften unterschied zentral zentrale"""  # fmt: skip
ORDINARY = """able above accept act add age air allow animal answer area arm army art ask away back bad ball band bank bar base basket bath bear beat become bed began begin
    behind believe best better big bird black blood blow blue board boat body bone book born bottom box boy brain bread break bring brother brown build burn bus business
    busy buy call came camp can car card care carry cat catch cell century chair change check child children choose church city class clay clean clear clock close cloth cloud coat cold color come
    common company compare complete contain cook cool copy corn corner cost could count country course cover cow create cross crowd cry cup current cut dark data day dead deal
    death decide deep describe desert develop die differ different direct distance dog door double draw dream dress drink drive drop dry duck during ear early earth east easy eat edge effect
    egg end energy enough enter equal even event every example exist experiment explain eye face fact fair fall family famous far farm fast father fear feed feel feet felt few field fight figure
    fill final find fine finger finish fire fish fit flat floor flow flower fly follow food foot force forest form forward found free fresh friend front fruit full fun game garden gas gave girl give glass go
    gold gone good government grass gray great green grew ground group grow guess gun hair half hand happen happy hard hat head hear heart heat heavy held help high hill hit hold hole home hope horse hot
    hour house huge human hundred hunt hurt ice idea important inch include increase info inside interest iron island jar job join jump keep kept key kill kind king knew know lady lake land language large last late
    laugh law lay lead leader learn least leave left leg less letter level lie life lift light line list listen little live local long look lose loss lost loud love low machine main major make man many map
    mark market material matter mean measure meat meet member men metal middle might mile milk mind mine minute miss mix moment money month moon morning mother motion mountain mouth move music name nation
    natural nature near need never new next night north nose note nothing notice now number object observe ocean office oil old open opposite orange order organ other page pain paint pair pan paper parent part party
    pass past path pattern pay people person pick picture piece place plain plan plane plant play point pole poor position possible pot pound power press price problem process produce product property provide public pull push
    put question quick quiet race radio rain raise ran range rate reach read ready real reason record red region relate remain remember repeat report represent require rest result return rich ride right ring rise river road rock
    roll room root rope round row rub rule run sad safe said sail salt same sand sat save saw say scale school science sea seat second section see seed seem seen sell send sense sent separate set seven several shape share sharp
    sheet ship shirt shoe shop shore short shot should shoulder shout show shut side sight sign silver similar simple sing single sister sit size skin sky sleep slow small smell smile snow soft soil soldier solid solution solve
    song soon sound south space speak special speed spell spend spoke spot spread spring square stand star start state stay steam steel step stick stone stood stop store story straight strange stream street strong student study subject
    substance such sudden sugar suit summer sun supply support sure surface surprise swim system table tail take talk tall tape taste teach team tell temperature ten term test than thank thick thin think third thought thousand three throw tie time
    tiny tire together told tone took tool top total touch town track trade train travel tree tri trip trouble true try tube turn two type under unit upper valley value vary view village visit voice vowel wait walk wall want war
    warm wash watch water wave wear weather week weight west wheel white whole wide wife wild will win wind window wing winter wire wish woman women wonder wood word work world worth write wrong year yellow young
    bull ball bell bill belt bolt bold cold colt coal goal foal foul soul soup sour tour pour poor pool tool wool wood food fool mood moon noon loon lion lien line lime time tame tale sale sole mole hole hale pale pole role rule mule
    mile male mail nail tail rail rain main pain gain grain train brain drain chain stain plain plane crane brave grave gravel travel cave cove dove love live five fire hire wire tire fare care core bore more sore tore lore bare dare rare
    mouse house horse nurse purse curse course coarse corpse cause pause clause place plate slate state skate stake snake shake shape share shore chore score spore store stone stove steel steal stair stare spare space spice slice
    slide glide guide bride pride price prize prime crime grime trial trail frail flail flame blame blaze glaze graze grape drape grade trade tread bread break bleak speak sneak steak cheek creek greek green queen"""  # fmt: skip
NOTHING = frozenset((
    "idk", "??", "???", "--", "...", "…", "no idea", "i don't know", "i dont know", "dont know", "don't know", "dunno", "no clue", "not sure",
    "i have no idea", "i do not know", "do not know", "no answer", "i forgot", "forgot", "i am not sure", "i'm not sure", "no submission", "idk sorry", "sorry idk", "i don't remember", "i dont remember",
    "weiß nicht", "weiss nicht", "keine ahnung", "ich weiß nicht", "ich weiß es nicht", "ich weiss es nicht", "kein plan", "k.a", "nie wiem", "nie pamiętam", "je ne sais pas", "aucune idée", "no sé", "no lo sé", "no se", "non lo so", "não sei", "geen idee",
    "weet ik niet", "не знаю", "わからない", "分かりません", "わかりません", "知りません", "不知道", "我不知道", "모르겠어요", "لا أعرف", "لا أدري", "לא יודע", "לא יודעת", "אין לי מושג",
))  # fmt: skip
YES = frozenset(("yes", "yeah", "yep", "ja", "tak", "oui", "si", "sí", "sim", "true", "да", "نعم", "כן", "是", "对", "對", "はい"))
NO = frozenset(("no", "nope", "nein", "nie", "non", "não", "nee", "false", "нет", "لا", "לא", "不", "不是", "いいえ"))
# Words that give no answer, but where a card asks for a sign, a code or a denial: Na+, x, No.
HARDLY = frozenset(
    ("?", "-", ".", "x", "n/a", "na", "no", "none", "nothing", "pass", "skip", "ka", "dk", "/", "nichts", "nie", "rien", "nada", "nic", "無", "无", "なし")
)
# English forms no stemmer brings together: regular form, then the others.
IRREGULAR = (
    ":|go:went gone goes|give:gave given|take:took taken|make:made|get:got gotten|come:came|become:became|begin:began begun|break:broke broken|"
    "bring:brought|build:built|buy:bought|catch:caught|choose:chose chosen|do:did done|draw:drew drawn|drink:drank drunk|drive:drove driven|"
    "eat:ate eaten|fall:fell fallen|feel:felt|fight:fought|find:found|fly:flew flown|forget:forgot forgotten|freeze:froze frozen|grow:grew grown|"
    "have:had has|hear:heard|hide:hid hidden|hold:held|keep:kept|know:knew known|lead:led|leave:left|lose:lost|mean:meant|meet:met|pay:paid|"
    "ride:rode ridden|rise:rose risen|run:ran|say:said|see:saw seen|sell:sold|send:sent|shake:shook shaken|shine:shone|sing:sang sung|sink:sank sunk|"
    "sit:sat|speak:spoke spoken|spend:spent|stand:stood|steal:stole stolen|swim:swam swum|teach:taught|tell:told|think:thought|throw:threw thrown|"
    "understand:understood|wear:wore worn|win:won|write:wrote written|child:children|man:men|woman:women|foot:feet|tooth:teeth|mouse:mice|goose:geese|"
    "wolf:wolves|leaf:leaves|life:lives|half:halves|knife:knives|nucleus:nuclei|bacterium:bacteria|phenomenon:phenomena|criterion:criteria|medium:media|"
    "larger:bigger|good:better best|bad:worse worst|die:died dying dies|lie:lying|high:higher highest height|low:lower lowest lowers lowered lowering|large:larger largest|"
    "big:bigger biggest|small:smaller smallest|fast:faster fastest|slow:slower slowest|heavy:heavier heaviest|light:lighter lightest|"
    "long:longer longest length|short:shorter shortest|hard:harder hardest hardness|soft:softer softest|strong:stronger strongest strength|"
    "weak:weaker weakest|great:greater greatest|hot:hotter hottest|cold:colder coldest|warm:warmer warmest|thick:thicker thickest|thin:thinner thinnest|"
    "close:closer closest|far:farther further farthest|young:younger youngest|old:older oldest|tight:tighter tightest tension"
)
