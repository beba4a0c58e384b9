"""The table of dangers: what tells of each, and what only sounds like it. First match wins.

Sources: `how residents write` of danger without danger words was gathered from real reports to city lines
(docs/safety.md says which kinds); phone numbers and advice are the city pack's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One kind of danger."""

    kind: str
    tells: re.Pattern[str]
    excuses: re.Pattern[str] | None = None


# After these the fixed text is the whole answer: no machine may add to it, and none asks for details.
SAYS_ALL = frozenset({"crisis", "abuse"})

# Read as the word they stand for.
SPELLINGS = {
    "gaz": "gas", "gass": "gas", "gaas": "gas", "smel": "smell", "smeel": "smell", "smells": "smell",
    "smelling": "smell", "smelled": "smell", "smelt": "smell", "stinks": "smell", "odor": "smell",
    "odour": "smell", "reeks": "smell", "reek": "smell", "whiff": "smell", "scent": "smell", "stench": "smell",
    "breath": "breathe", "breth": "breathe", "breathin": "breathing", "cant": "can't", "cannot": "can't",
    "dont": "don't", "doesnt": "doesn't", "isnt": "isn't", "wont": "won't", "im": "i'm", "hes": "he's",
    "shes": "she's", "theres": "there's", "ive": "i've", "wanna": "want to", "gonna": "going to",
    "u": "you", "sumone": "someone", "sum1": "someone", "some1": "someone", "somone": "someone",
    "somebody": "someone", "unconcious": "unconscious", "unconsious": "unconscious", "unconcious.": "unconscious",
    "bleedin": "bleeding", "bleding": "bleeding", "ambulence": "ambulance", "ambulanc": "ambulance",
    "elctric": "electric", "eletric": "electric", "wirez": "wires", "wier": "wire", "suiside": "suicide",
    "suicde": "suicide", "kil": "kill", "drowing": "drowning", "fier": "fire", "flaims": "flames",
    "smok": "smoke", "hydro": "power", "powerline": "power line", "powerlines": "power lines",
    "overdosed": "overdose", "overdosing": "overdose", "od'd": "overdose", "oding": "overdose",
    "monoxid": "monoxide", "monixide": "monoxide", "sparkin": "sparking", "hurtin": "hurting",
    "naloxone": "overdose", "narcan": "overdose", "neighbor": "neighbour", "neighbors": "neighbours",
}  # fmt: skip

_PERSON = (
    r"(?:someone|person|people|man|woman|guy|lady|kid|kids|child|children|boy|girl|baby|toddler|teen\w*|senior|elder\w*|"
    r"old\w*|neighbour|tenant|roommate|friend|worker|cyclist|pedestrian|driver|homeless|mother|mom|mum|father|dad|"
    r"grand\w+|husband|wife|son|daughter|brother|sister|uncle|aunt|he|she|he's|she's|they|i|i'm|me|somebody|client|patient|"
    r"stranger|student|passenger|rider|victim|body|partner|fellow)"
)
_ANIMAL = (
    r"(?:raccoons?|squirrels?|birds?|cats?|kittens?|skunks?|fox(?:es)?|deer|goose|geese|rats?|mouse|mice|possums?|opossums?|"
    r"coyotes?|rabbits?|pigeons?|ducks?|gulls?|animals?|turtles?|swans?|hawks?|bats?|beavers?)"
)
_STRUCTURE = (
    r"(?:wall|building|roof|ceiling|balcony|balconies|porch|veranda|crane|scaffold\w*|bridge|overpass|viaduct|garage|deck|"
    r"chimney|facade|bricks?|concrete|cement|masonry|plaster|glass|window ?panes?|windows?|billboard|hoarding|stairs|"
    r"staircase|stairwell|fire escape|awning|canopy|house|stones?|soffit|cornice|parapet|tunnel|shed|slab|ledge|tiles?)"
)
_FALLS = (
    r"(?:collaps\w*|cav(?:ed|es|ing) in|gave way|giv(?:e|es|ing) way|fall(?:s|ing|en)?(?: (?:off|down|from|onto|on|apart))?|"
    r"fell|com(?:e|es|ing) (?:down|loose|off)|came (?:down|off)|drop(?:s|ped|ping)|about to (?:go|fall|drop|come)|"
    r"going to (?:fall|drop|collapse|come)|crumbl\w*|buckl\w*|tipp(?:ed|ing) over|toppl\w*|swaying|hanging by)"
)
_GAP = r"(?:\W+[\w'$]+){0,6}?\W+"
_NEAR = r"(?:\W+[\w'$]+){0,3}?\W+"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


RULES: tuple[Rule, ...] = (
    Rule(
        "crisis",
        _any(
            r"\bkill(?:ing)? myself\b|\bsuicid\w*|\bkms\b|\bend (?:it all|my (?:own )?life|everything|things for good)\b|"
            r"\bending (?:it|it all|my life)\b",
            r"\bwant(?:s|ed)? to (?:die|be dead|disappear for ?(?:ever|good)|end it|kill (?:him|her|them)sel\w+)\b|\bwish i (?:was|were) (?:dead|never born)\b",
            r"\bdon't (?:want|feel like|wish) (?:to )?(?:live|living|be here|being here|be alive|being alive|wake up|exist|go on|"
            r"going on)\b(?! (?:in|near|with|next|on)\b)",
            r"\b(?:no|any|nothing) (?:reason|point|left|purpose)?\s?(?:in |to |of )?(?:live|living|go on|going on|keep going)\b(?: for)?",
            r"\bnothing left to live\b|\bbetter off (?:dead|without me|if i)\b|\btake my (?:own )?life\b|\b(?:harm|hurt|cut)(?:ing|ting)? myself\b(?! (?:on|with|from|when))",
            r"\bself[- ]?harm\w*|\bcan't (?:go on|keep going|do this any ?more|live like this any ?more|face another day|cope any ?more)\b(?! with (?:the|this) (?:noise|smell|garbage))",
            r"\bjump(?:ing)? (?:off|from|in front of)\b(?: the| a| my)? ?(?:bridge|building|balcony|roof|overpass|ledge|train|subway|window|viaduct)|"
            r"\b(?:ledge|railing|wrong side of)\b" + _GAP + r"\bjump\b",
            r"\bthinking (?:about|of) (?:dying|death|ending|suicide)\b|\bwrote (?:a |my )?goodbye|\bgoodbye (?:letter|note)\b|\bgive up on life\b|"
            r"\btired of (?:living|life|being alive)\b|\bdone with life\b|\bhate (?:my life|being alive)\b",
            r"\b(?:voices?) (?:in my head|(?:are |keep )?tell(?:ing|s)?)\b|\bhear(?:ing)? voices\b|\bhopeless\b" + _GAP + r"\b(?:alone|anymore|any more|life|everything|talk)\b",
            r"\bnobody (?:would|will) (?:miss|notice|care)\b(?: me| if i)?|\bplan(?:ning)? to (?:end|die|overdose)\b|\btook (?:all|a bunch of|too many) (?:my |of my )?(?:pills|meds)\b",
        ),
        _any(r"suicide (?:squad|prevention (?:barrier|month|training))", r"nothing left to (?:do|pay|say)"),
    ),
    Rule(
        "poison",
        _any(
            r"\b(?:swallow\w*|drank|drunk|drink\w*|ate|eaten|ingest\w*|inhal\w*|got into|licked|chew\w*|bit into)\b" + _GAP +
            r"(?:bleach|cleaner|cleaning|pills?|medicine|medication|meds|tablets?|battery|batteries|detergent|pods?|poison\w*|mushrooms?|"
            r"antifreeze|chemicals?|paint thinner|gasoline|ammonia|drain|vape|nicotine|berries|edibles?|gumm(?:y|ies)|pesticide|windshield|magnets?|mothballs?)\b",
            r"\b(?:was|been|got|i'm|is) poisoned\b|\bpoisoning\b" + _NEAR + r"\b(?:kid|child|baby|son|daughter|she|he|me)\b",
            r"\bmix(?:ed|ing)? (?:bleach|ammonia)\b|\bbleach and (?:ammonia|vinegar)\b",
        ),
        _any(r"\b(?:" + _ANIMAL + r")\b" + _GAP + r"\b(?:ate|eating|eaten|got into|chew\w*)\b[^.!?]*", r"drink\w* (?:water|tap)\b"),
    ),
    Rule(
        "carbon_monoxide",
        _any(
            r"\b(?:carbon monoxide|co2?|c\.?o\.?)\b(?: \w+){0,3}? (?:alarm|detector|sensor|monitor|meter)s?\b" + _GAP +
            r"(?:go(?:es|ing|ne)?|went|beep\w*|ring\w*|sound\w*|chirp\w*|off|blar\w*|scream\w*|alert\w*|trigger\w*|red|reading|\d+)\b",
            r"\b(?:alarm|detector|sensor)\b" + _NEAR + r"(?:carbon monoxide)\b|\bcarbon monoxide\b" + _NEAR +
            r"\b(?:leak\w*|in (?:the|my|our)|poisoning|reading|high|level\w*|feel|think)\b",
            r"\b(?:dizzy|headaches?|nause\w*|light ?headed|faint|sleepy|sick)\b" + _GAP + r"\b(?:furnace|generator|heater|boiler|stove|car running|garage|exhaust|fireplace)\b",
            r"\b(?:furnace|generator|heater|boiler|gas stove|car running|garage|fireplace|barbecue inside|bbq inside)\b" + _GAP + r"\b(?:dizzy|headaches?|nause\w*|light ?headed|faint|throwing up|sleepy)\b",
            r"\b(?:barbecue|bbq|charcoal|hibachi|generator|camp stove)\b" + _NEAR + r"\b(?:inside|indoors|in (?:the|my|our|her|his|their) (?:living|kitchen|bedroom|apartment|basement|unit|house|room))\b",
        ),
        _any(
            r"\b(?:do i need|need(?:ed)? to (?:have|install)|how many|require\w*|rules? (?:for|about|on)|by-?laws?|law|install\w*|where (?:do|should) (?:i|we) put|buy|batter\w+|supposed to (?:supply|provide)|responsible|free|expire\w*|replace\w*|test(?:ing)?|inspect\w*)\b[^.!?]*"
            r"(?:carbon monoxide|co )(?:[^.!?]*)",
            r"(?:carbon monoxide|\bco) (?:alarm|detector)s?[^.!?]*\b(?:require\w*|by-?law|law|mandatory|need(?:ed)?|batter\w+|install\w*|supply|provide|expire\w*|replac\w*|who pays|how often)\b[^.!?]*",
        ),
    ),
    Rule(
        "gas",
        _any(
            r"\bsmell\b" + _GAP + r"(?:gas|propane|rotten eggs?|egg|eggs|sulph?ur|mercaptan|methane|cooking gas)\b",
            r"\b(?:gas|propane|rotten eggs?|eggy|egg|sulph?ur|methane)\b" + _NEAR + r"smell\b",
            r"\bgas(?: \w+)? (?:leak\w*|escap\w*|hiss\w*)|\bleak\w*" + _NEAR + r"(?:gas|propane)\b|\bgas\b" + _NEAR + r"\b(?:leak\w*|hissing|escaping)\b",
            r"\bhiss\w*" + _GAP + r"\b(?:meter|pipe|gas|main|tank|ground|furnace|stove|wall)\b|\b(?:gas|meter|pipe|propane|tank)\b" + _GAP + r"\bhiss\w*",
            r"\b(?:hit|struck|cut|broke|broken|ruptur\w*|punctur\w*|damag\w*|dug (?:into|through)|snapped|crack\w*|ran over)\b" + _GAP + r"\bgas (?:line|main|pipe|meter|service)\b",
            r"\bgas (?:line|main|pipe|meter)\b" + _GAP + r"\b(?:hit|struck|cut|broke|broken|ruptur\w*|punctur\w*|damag\w*|snapped|crushed|knocked|bent|open)\b",
            r"\b(?:stove|burner|oven|range|bbq|barbecue|heater)\b" + _GAP + r"\b(?:gas on|left on|leaking|won't (?:shut|turn) off|gas (?:won't|is))\b",
            r"\bgas (?:in|inside|filling|all over) (?:the|my|our)\b(?! (?:car|truck|tank|mower|generator))|\bgas alarm\b",
        ),
        _any(
            r"\bgas (?:stations?|bars?|pumps?|tank|prices?|bills?|compan\w+|powered|leaf ?blowers?|mowers?|cans?|caps?|mileage|stove|fireplace|heating|furnace|service|account|hookup|money|card|fitters?|permit|lawn|engines?|tax)\b(?! (?:leak|smell|hiss))",
            r"\b(?:sewer|exhaust|idling|tear|laughing|natural resource) gas\b", r"\bgas(?:oline)? (?:spill|fumes from)\b",
            r"\b(?:tap |drinking |hot |cold )?water\b[^.!?]{0,30}\bsmell\b[^.!?]*", r"\bsmell\b[^.!?]{0,25}\b(?:water|tap)\b[^.!?]*",
            r"\b(?:green bin|compost|organics?|garbage|dumpster|fridge|bin)\b[^.!?]{0,40}\bsmell\b[^.!?]*",
            r"\bsmell\b[^.!?]{0,40}\b(?:idling|exhaust|mower|diesel)\b[^.!?]*", r"\b(?:idling|exhaust|diesel|engine)\b[^.!?]{0,60}\bsmell\b[^.!?]*",
            r"\b(?:turn on|open|switch|set up|cancel|pay|complain about) (?:my |a |the )?gas\b",
        ),
    ),
    Rule(
        "wire",
        _any(
            r"\b(?:wires?|wiring|cables?|power lines?|electric(?:al)? lines?|overhead lines?|streetcar lines?|live lines?)\b" + _GAP +
            r"(?:down\w*|fell|fallen|hang\w*|dangl\w*|low|lower|spark\w*|snapp\w*|loose|live|buzz\w*|arc\w*|zapp\w*|droop\w*|sagg?\w*|exposed|bare|broke\w*|came (?:down|off)|pulled|ripped|torn|touch\w*|"
            r"(?:on|across|over|in|onto|against|into|at) (?:the |my |our |a |an |his |her |top of )?(?:road|street|ground|sidewalk|lawn|car|fence|roof|yard|driveway|grass|lane|puddle|water|hydrant|tree|branches|path|playground|stairs|head|walkway|alley|hedge|bush|pavement|eye level))\b",
            r"\b(?:down\w*|fallen|fell|hanging|dangling|low|live|exposed|bare|loose|broken|snapped|sparking|touching|open|sagging|severed)\b" + _NEAR +
            r"(?:wires?|wiring|power lines?|electric(?:al)? (?:wires?|cables?|lines?|panel|box|cabinet)|cables?)\b",
            r"\b(?:tree|branch\w*|limb|trunk|ladder|kite|balloon|crane|truck)\b" + _GAP + r"\b(?:on|in|onto|against|touch\w*|resting on|leaning on|tangled in|caught in|hit|hitting|took down|pulling on|rubbing)\b" + _NEAR + r"(?:wires?|power lines?|lines|cables?)\b",
            r"\bspark(?:s|ing|ed)\b" + _GAP + r"\b(?:pole|transformer|box|panel|wires?|lines?|outlet|socket|streetlight|street ?light|lamp|meter|cable|fuse|breaker|ceiling|wall|post)\b",
            r"\b(?:pole|transformer|box|panel|outlet|socket|streetlight|street ?light|lamp ?post|meter|fuse|breaker|light)\b" + _GAP + r"\b(?:spark\w*|explod\w*|exploded|blew up|arcing|zapp\w*|electrif\w*|crackling|humming and smoking)\b",
            r"\belectrocut\w*|\belectric(?:al)? shocks?\b|\bgot (?:a )?(?:shock|shocked|zapped)\b|\b(?:shock|shocked|zapped)\b" + _NEAR + r"\b(?:pole|post|fence|streetlight|grate|plate|hydrant|cover|touch\w*|walking)\b",
            r"\b(?:electric(?:al)?|power|transformer|utility|lamp ?post|street ?light|light) (?:\w+ )?(?:panel|box|cabinet|vault|door|cover|hatch|base)\b" + _GAP + r"\b(?:open|missing|off|exposed|broken|hanging|unlocked|wide|smashed|kids?|child\w*)\b",
            r"\b(?:pole|post)\b" + _NEAR + r"\b(?:down|fell|fallen|snapped|broke|broken|leaning)\b" + _GAP + r"\b(?:wires?|lines?|power|cables?|transformer)\b",
            r"\b(?:power|utility) pole\b" + _GAP + r"\b(?:fall\w*|leaning|about to|snapped|cracked|hit|down|broke\w*|tilted|crashed)\b",
        ),
        _any(
            r"\bclothes ?lines?\b|\b(?:property|lot|phone|help|hot|finish|bus|subway|sewer|water|lane|white|yellow|painted|dead|front|bottom|direct|assembly|starting) lines?\b|\bline ?ups?\b|\bon ?lines?\b|\bin line\b",
            r"\b(?:cable (?:tv|company|guy|bill|internet|installer|box|television|car)|internet cable|jumper cables?|usb cables?|charging cables?|bike cables?|extension cords?|barbed wire|wire (?:fence|transfer|mesh|basket|hanger|rack)|chicken wire|razor wire|christmas lights?|low (?:cost|price|income))\b",
            r"\b(?:old|e ?waste|recycle|dispose|throw)\b[^.!?]{0,30}\b(?:wires?|cables?|cords?)\b",
            r"\b(?:put up|new|fibre|fiber|install\w*|bury)\b[^.!?]{0,20}\b(?:cable|internet)\b",
        ),
    ),
    Rule(
        "fire",
        _any(
            r"\bon fire\b|\bcaught fire\b|\bin flames\b|\bflames\b|\bgoing up in\b|\bburst into\b|\bset (?:it |a |the |my )?(?:\w+ )?(?:on fire|alight|ablaze)\b|\bablaze\b|\bengulfed\b",
            r"\b(?:house|building|apartment|unit|car|truck|van|shed|garage|dumpster|garbage|bin|tree|grass|park|kitchen|balcony|roof|store|fence|field|school|bus|hallway|basement|stove|oven|furnace|transformer|vehicle|mattress|tent|encampment|brush|hill\w*|ravine|forest|porch) (?:\w+ )?(?:is |are |was )?(?:burn(?:s|ing)|smoking|smouldering|smoldering)\b(?! (?:wood|leaves|cigarettes?|area|section|ban))",
            r"\b(?:there's|there is|see|big|huge|small|kitchen|house|apartment|grass|electrical|grease|brush|active|started|starting|started a|set a|have a|garbage|dumpster|bin|car|vehicle|building|spreading|real) (?:a )?(?:\w+ )?fires?\b(?! (?:hydrant|pit|station|alarm|drill|route|lane|escape|truck|hall|department|inspection|code|safety|works|crackers?|wood|place|extinguisher|separation|door|exit|ban|permit|insurance|damage|chief|fighter|sprinkler|watch|log|plan|prevention|services))",
            r"\bfire (?:in|at|on|next door|across|behind|under|inside|near|beside|spreading|is spreading|everywhere|started|broke out|burning|getting)\b",
            r"\bsmoke\b" + _NEAR + r"(?:com(?:ing|es)|pour\w*|billow\w*|filling|fill(?:ed|s)|ris\w*|everywhere|from|out of|thick|black|rolling|seeping|in (?:the|my|our) (?:hall\w*|stair\w*|building|apartment|basement|unit|house|kitchen|lobby|elevator|attic|walls?|room|bedroom|corridor))\b",
            r"\b(?:thick|black|heavy|lots of|lot of|see|white|dark|grey|gray|smell) (?:\w+ )?smoke\b",
            r"\bsmell\b" + _GAP + r"(?:burn\w*|smoke|fire|electrical|melting|scorched)\b|\b(?:burning|burnt|electrical|smoky) (?:\w+ )?smell\b|\bsomething (?:is )?burning\b",
            r"\bexplo(?:sion|ded|des|ding)\b|\bblew up\b|\bloud (?:bang|boom)\b" + _GAP + r"\b(?:smoke|flames?|fire|dust|shak\w*|windows)\b|\bgrease fire\b|\bsend (?:a |the )?fire (?:truck|department|crew)\b",
            r"\b(?:smoke|fire) (?:alarm|detector)s?\b" + _NEAR + r"(?:going off|ringing|sounding|went off|blaring|won't stop)\b" + _GAP + r"\b(?:smoke|smell|hall\w*|trapped|can't get out|kitchen|evacuat\w*)\b",
            r"\b(?:trapped|can't get out|blocked|locked|chained|bolted)\b" + _GAP + r"\b(?:fire|smoke|fire exits?|fire escape|emergency exits?)\b|\b(?:fire exits?|emergency exits?|exit doors?|fire doors?|only exit|back exit|fire escape)\b" + _NEAR + r"\b(?:is |are |was |were )?(?:chained|locked|blocked|bolted|padlocked|nailed|screwed|welded|jammed)\b",
        ),
        _any(
            r"\bfire ?(?:pits?|hydrants?|works?|crackers?|stations?|halls?|routes?|lanes?|drills?|inspect\w*|codes?|trucks?(?= (?:parade|visit|toy|tour|blocked))|place|places|wood|flies|permits?|bans?|insurance|damage|report|marshal|chief|fighters?|watch|plans?|prevention|safety|extinguishers?|sprinklers?|separation|sale|tv|stick)\b(?! (?:is |are )?(?:on fire|exploded|flames))",
            r"\b(?:cigarettes?|cigars?|weed|cannabis|marijuana|pot|joint|vap\w*|tobacco|smokers?|smoking area|hookah|second ?hand|incense)\b[^.!?]*\bsmoke?\b[^.!?]*",
            r"\b(?:smoke|smoking|smell|smoky smell)\b[^.!?]*\b(?:cigarettes?|cigars?|weed|cannabis|marijuana|pot|joint|tobacco|smokers?|vap\w*|hookah|second ?hand)\b[^.!?]*",
            r"\b(?:smoke|smoking|smell|burning|barbecue|bbq)\b[^.!?]*\b(?:bbq|barbecue|wood stove|fire ?pits?|bonfires?|chimney|grill\w*|smoker|food truck|restaurant|backyard fire|campfire|leaves|food|pizza oven)\b[^.!?]*",
            r"\b(?:bbq|barbecue|wood stove|fire ?pits?|bonfires?|campfire|chimney|restaurant|pizza)\b[^.!?]*\b(?:smoke|smoking|smell|burning)\b[^.!?]*",
            r"\b(?:smoke (?:free|alarms?|detectors?|shop)|no smoking|smoke (?:a|on|in|near|outside|inside) (?:patio|balcony|entrance|park|doorway|building entrance))\b(?! (?:is |are |keeps? )?(?:going|went|ringing|blaring))",
            r"\b(?:can i|could i|may i|am i allowed to|are we allowed to|is it legal to|is it ok to|permit to|allowed to) (?:have|light|make|burn|set up|start)\b[^.!?]*",
            r"\b(?:noise|engine|muffler|firework|fireworks|music|bass|construction)\b[^.!?]{0,40}\bexplo\w+\b", r"\bburn(?:ing)? (?:rubber|money|calories|fossil|gas)\b", r"\bfire (?:in|at) (?:my|our) (?:heart|belly)\b",
            r"\b(?:was|were) (?:a fire|on fire)\b[^.!?]*\b(?:last (?:week|month|year|night)|ago|yesterday)\b[^.!?]*", r"\b(?:last (?:week|month|year)|\w+ (?:weeks?|months?|years?) ago)\b[^.!?]*\bfire\b[^.!?]*", r"\bafter (?:a|the|my) (?:\w+ )?fire\b[^.!?]*",
            r"\bburnt? out (?:lights?|bulbs?|lamps?|streetlights?)\b|\bburnt? out\b",
        ),
    ),
    Rule(
        "water",
        _any(
            r"\bdrown\w*|\b(?:fell|fallen|fall(?:ing)?|slipped|went|gone|jumped|driven|drove) (?:in|into|through|in to|off)\b" + _NEAR + r"(?:lake|river|creek|water|ice|pool|pond|harbour|canal|bay|dock|pier|ditch full|rapids)\b",
            r"\b" + _PERSON + r"\b" + _GAP + r"\b(?:in|under) the (?:water|lake|river|creek|canal|rapids)\b" + _GAP + r"\b(?:help|can't swim|struggling|screaming|waving|trouble|not moving|face down|stuck)\b",
            r"\b(?:swept away|swept off|washed away|thin ice|cracking ice|ice is cracking|through the ice|face down in)\b",
            r"\b" + _PERSON + r"\b" + _GAP + r"\b(?:playing|walking|skating|going|out|running|standing|sliding|stuck|fishing) (?:out )?on the (?:\w+ )?(?:ice|frozen)\b|\bon the (?:frozen|half frozen) (?:lake|river|creek|pond|harbour)\b",
            r"\b(?:car|truck|van|vehicle|bus|person|people|someone|driver)\b" + _NEAR + r"\b(?:stuck|trapped|stranded|floating|sinking|submerged)\b" + _NEAR + r"(?:water|flood\w*|underpass|creek|river|lake)\b",
            r"\b(?:river|creek|water|flood\w*)\b" + _NEAR + r"\b(?:rising fast|rising quickly|raging)\b|\bwater\b" + _NEAR + r"\b(?:outlets?|electrical panel|breaker panel|fuse box|sockets?|live wires?)\b",
            r"\b(?:capsized|overturned) (?:boat|canoe|kayak)|\b(?:boat|canoe|kayak|paddle ?board\w*)\b" + _NEAR + r"\b(?:capsiz\w*|flipped|sinking|overturned)\b",
        ),
        _any(r"\b(?:basement|lawn|yard|garden|field|tree roots?|plants?|sound|noise|music|bills?|paperwork|debt)\b[^.!?]{0,40}\bdrown\w*[^.!?]*", r"\bdrown\w*\b[^.!?]{0,20}\b(?:in (?:debt|bills|garbage|paperwork|noise|litter)|out|our lawn|the (?:lawn|yard|plants|grass))[^.!?]*",
             r"\b(?:skating|skate) rinks?\b[^.!?]*", r"\b(?:phone|keys?|ring|ball|toy|wallet|hat|shoe|glasses|garbage|bikes?|scooters?|carts?)\b[^.!?]{0,15}\b(?:fell|fallen|in the|into)\b[^.!?]*"),
    ),
    Rule(
        "child",
        _any(
            r"\b(?:child|kids?|baby|babies|toddler|infant|newborn|little (?:boy|girl|one)|boy|girl|year old|children)\b" + _GAP + r"\b(?:alone|unattended|by (?:him|her|them)sel\w+|left|locked|crying|screaming)\b" + _GAP + r"\b(?:car|home|apartment|balcony|street|road|house|vehicle|van|window|park|outside|highway|traffic)\b",
            r"\b(?:left|leaves|locked|leave)\b" + _NEAR + r"(?:child|kids?|baby|babies|toddler|infant|newborn|children)\b" + _GAP + r"\b(?:car|alone|home|apartment|balcony|outside|vehicle|unattended)\b",
            r"\b(?:child|kids?|toddler|boy|girl|son|daughter|baby|mother|father|grandm\w+|grandf\w+|grandpa|dad|mom|mum|husband|wife|person|woman|man|senior|autistic \w+)\b" + _NEAR + r"\b(?:is |has |gone |went )?(?:missing|wandered (?:off|away)|lost since|kidnapped|abducted|been taken)\b|\bmissing (?:child|kid|boy|girl|person|senior|toddler|teen\w*|son|daughter)\b|\bcan't find my (?:son|daughter|child|kid|toddler|baby|mother|father|mom|mum|dad|husband|wife|grand\w+)\b",
            r"\b(?:child|kids?|baby|toddler|infant|children|boy|girl|son|daughter|student)\b" + _GAP + r"\b(?:being (?:abused|hit|beaten|hurt|neglected|molested)|abuse[ds]?\b|bruis\w*|beat(?:en|s|ing)?\b|hits\b|starv\w*|neglect\w*)|\bchild abuse\b|\b(?:hit|hitting|beating|shaking|hurting|beats|molest\w*|touching) (?:her|his|their|the|a|my) (?:\w+ )?(?:child|kids?|baby|toddler|son|daughter|children|boy|girl)\b",
            r"\b(?:dementia|alzheimer\w*|confused (?:old|elderly|senior)|(?:old|elderly|senior) (?:\w+ )?(?:confused|lost|wandering))\b" + _GAP + r"\b(?:missing|wander\w*|lost|outside|gone|left|alone|street|nightgown|pyjamas|pajamas|slippers|barefoot|doesn't know)\b",
            r"\b(?:toddler|baby|child|kid|little (?:boy|girl))\b" + _GAP + r"\b(?:on|in|walking (?:on|in)|near|into|running (?:into|on)) the (?:road|highway|street|tracks|traffic|ledge|window ?sill|roof)\b",
        ),
        _any(r"\b(?:child|kids?)(?:'s)? (?:bike|bicycle|toys?|stroller|scooter|care|seat|swing|pool)\b", r"\bkids?\b[^.!?]{0,30}\b(?:toys?|bikes?|balls?|graffiti|skateboard\w*)\b"),
    ),
    Rule(
        "abuse",
        _any(
            r"\b(?:husband|wife|boyfriend|girlfriend|partner|spouse|ex|fianc\w+|dad|father|mom|mother|stepdad|stepfather|stepmother|son|brother|uncle|roommate|caregiver|my man|family)\b" + _GAP +
            r"\b(?:hits?|hitting|beats?|beating|hurts|hurting|chok\w*|strangl\w*|abus\w*|threaten\w*|punch\w*|slap\w*|kick(?:s|ed|ing) me|rap(?:e|ed|ing)|control\w* (?:me|my)|lock(?:s|ed) me|stalk\w*|following me|won't let me (?:leave|out)|going to (?:kill|hurt)|violent|scare\w* me|forc\w* me|shov\w*|push(?:ed|es|ing) me|grabb\w*|pinned)\b",
            r"\b(?:afraid|scared|terrified|fear|hiding|run(?:ning)? away|escape|get away|fleeing) (?:of|from|for my life) ?(?:my |the |him|her)?(?:husband|wife|boyfriend|girlfriend|partner|spouse|ex|dad|father|mom|mother|stepdad|stepfather|son|brother|uncle|him|home|family)?\b(?<!of )(?<!of the )(?<!from )(?<!from the )",
            r"\bdomestic (?:violence|abuse)\b(?! (?:training|statistics|course))|\b(?:not|don't feel|isn't|never) safe (?:at home|in my (?:own )?(?:home|house|relationship)|with (?:him|her|my))\b|\babusive (?:husband|wife|boyfriend|girlfriend|partner|relationship|ex|home|family|marriage|parents?|father|mother|son)\b",
            r"\b(?:he|she) (?:hits|beats|hurts|chokes|hit|beat|choked|abuses|punches|slaps|punched|slapped|raped) me\b|\b(?:he's|she's) going to (?:kill|hurt) (?:me|us)\b|\b(?:sex(?:ual)?ly assaulted|raped|trafficked|human trafficking|forced marriage|sold for sex)\b",
        ),
        _any(r"\bafraid (?:of|from) (?:the )?(?:dogs?|rats?|mice|spiders?|dark|heights)\b", r"\bbeats? (?:the|my) (?:price|traffic|heat)\b"),
    ),
    Rule(
        "violence",
        _any(
            r"\b(?:gun|guns|handgun|rifle|pistol|machete|gunman|shooter|shooting|gunshots?|gunfire|shots? fired|hear(?:d)? shots|hearing shots|armed (?:man|guy|person|robbery))\b",
            r"\b(?:with|has|have|holding|waving|pulled|pulling|carrying|swinging|got|had|brandish\w*) (?:a |an |out a |his |her )?(?:\w+ )?(?:knife|knives|gun|weapon|bat|axe|hammer|crowbar|sword|blade|bottle at|machete|pipe at)\b",
            r"\bstab(?:bed|bing|s)?\b|\bknife\b" + _NEAR + r"\b(?:attack|fight|threat\w*|me|someone|people)\b",
            r"\b(?:someone|man|guy|stranger|people|person|they|he's|intruder|burglar|kid|kids|woman|men|thief|thieves)\b" + _NEAR + r"\b(?:breaking into|breaking in\b|trying to (?:get|break|climb|come) in(?:to|side)?|climbing (?:in|through)|kicking (?:in |down )?(?:my|the|our) door|is (?:in|inside) (?:my|our) (?:house|home|apartment|unit|basement|garage|yard)|trying (?:my|the) door|forcing)\b",
            r"\b(?:break(?:ing)?[ -]in|home invasion|robbery|burglary|mugging|assault|carjacking)\b" + _NEAR + r"\b(?:in progress|right now|happening|now)\b|\bintruder\b|\bburglar in\b",
            r"\b(?:being|getting|been|got|was just|just got|just been|is) (?:attacked|assaulted|robbed|mugged|beaten|jumped|held|followed|chased|stalked|kidnapped|stabbed|carjacked|threatened)\b(?! by (?:a |an |the |some |\w+ )?(?:" + _ANIMAL + r"|wasps?|bees?|dogs?|mosquito\w*|ants|geese)\b)",
            r"\b(?:attack(?:ed|ing|s)?|assault(?:ed|ing|s)?|beat(?:ing)?(?: up)?|punch\w*|kick\w*|chok\w*|strangl\w*|hitting|robb\w*|mugg\w*|jumped) (?:a |an |my |his |her |the |some |another |on )?(?:\w+ )?(?:me|us|him|her|man|woman|guy|person|people|someone|girlfriend|boyfriend|wife|husband|lady|kid|boy|girl|driver|clerk|cashier|senior|student|friend|teen\w*|neighbour|son|daughter|homeless)\b",
            r"\b(?:threat\w*|said (?:he|she|they)(?:'s|'d|'ll| will| would| is|'re)?(?: going to)?|going to|wants? to|trying to|plans? to|gonna) (?:\w+ ){0,3}?(?:kill|shoot|stab|murder|hurt (?:me|us|him|her|someone|people|my)|blow up|bomb|burn (?:down|my|our|the))\b(?! (?:time|weeds?|bugs?|rats?|mice|bed ?bugs?|wasps?|ants?|cockroach\w*|grass|plants?|my (?:lawn|grass|tree|plants?)|the (?:grass|tree|lawn|weeds?|plants?)|a tree|trees?))",
            r"\bbomb\b(?! (?:cyclone|shelter))|\bhostage\b|\bkidnap\w*|\bfight(?:ing)? (?:is )?(?:going on|right now|outside|breaking out|broke out|in progress|in the (?:street|lobby|hall\w*|park))\b|\b(?:big|huge|brawl|street|fist|people|men|guys|they're|they are|knife|gang) (?:are )?(?:brawl|fight(?:ing)?)\b(?! (?:over|about|for|against|the|a|this|my))|\bbrawl\b",
            r"\bscream(?:ing|s)?\b" + _GAP + r"\b(?:help|please stop|stop|don't|next door|being hurt|let me|bloody murder|someone call|crash\w*)\b|\bcall(?:ing)? for help\b|\bcrying for help\b|\byell(?:ing|s)?\b" + _NEAR + r"\bhelp\b",
            r"\b(?:man|guy|someone|stranger|car|he's|he is|they)\b" + _NEAR + r"\b(?:is |keeps |been |are )?(?:following|stalking|chasing) (?:me|us|my (?:daughter|son|wife|kids?))\b|\bexposing himself\b|\bexposed himself\b|\bgrabb(?:ed|ing) (?:me|a (?:girl|woman|child|kid)|my (?:arm|bag|purse|daughter|son|kid))\b",
        ),
        _any(
            r"\b(?:water|glue|nerf|toy|heat|nail|spray|top|staple|caulking|radar|speed|hot) guns?\b|\bgun (?:licen\w+|club|range|show|control|amnesty|laws?|permit|dealer|safe)\b|\b(?:photo|film|movie|tv|wedding|video|basketball|commercial|fashion) ?shoot\w*\b|\bshooting (?:a (?:film|movie|video|scene|commercial)|hoops|range|star)\b|\b(?:turn in|surrender|get rid of|dispose of|hand in) (?:my |a |an |the )?(?:old )?(?:gun|guns|rifle|ammunition|weapon)\b[^.!?]*",
            r"\b(?:fight|fighting|dispute|contest|beat|beating) (?:a|the|my|this|an|that) (?:\w+ )?(?:tickets?|fines?|charges?|rate|eviction|assessment|bill|heat|crowds?|system|increase)\b|\bshots?\b(?= (?:for|clinic|records?|at the (?:clinic|pharmacy)))|\b(?:flu|covid|vaccine|vaccination|booster|rabies|measles|baby|allergy) shots?\b|\b(?:dull|kitchen|butter|putty|sharpen) kni(?:fe|ves)\b|\bkni(?:fe|ves)\b[^.!?]{0,25}\b(?:recycl\w*|dispos\w*|throw|garbage|bin|sharpen\w*)\b",
            r"\b(?:" + _ANIMAL + r"|wasps?|bees?)\b[^.!?]{0,50}\b(?:attack\w*|fight\w*|breaking into|getting into|trying to get in\w*|climbing in\w*|break into|kill\w*|following|chas\w*)\b[^.!?]*",
            r"\b(?:someone|thieves|they|guys?|kids?|people|man)\b[^.!?]{0,20}\b(?:broke|break|breaking) (?:in|into)\b[^.!?]*\b(?:last (?:week|month|night)|yesterday|ago|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^.!?]*|\bbreaking (?:in|into) (?:my |the |our )?(?:\w+ )?(?:bins?|garbage|compost|new shoes)\b",
            r"\b(?:beat|punch|kick)\w* (?:the )?(?:traffic|rush|a hole|holes?|ball|soccer)\b|\bbaseball bats?\b(?= (?:and|for|donat\w*|equipment))|\bkicking (?:a |the |their )?(?:ball|soccer)\b|\bkilling (?:the|my|our|all) (?:grass|trees?|lawn|plants?|garden|bees)\b|\bdressed to kill\b|\b(?:bath|photo|seed|cherry) bomb\b|\bmosquito\w*\b",
        ),
    ),
    Rule(
        "medical",
        _any(
            r"\b(?:not|isn't|stopped|stop|can't|barely|hardly|trouble|difficulty|hard time|problems?|struggling to|hard to|short of|gasping|won't) (?:breathing|breathe)\b|\bturn(?:ed|ing) blue\b|\bno pulse\b|\bneed(?:s)? cpr\b",
            r"\b(?:unconscious|unresponsive|passed out|blacked out|fainted|collapsed on|not (?:waking|responding|conscious|responsive)|won't (?:wake|respond|get up|wake up)|can't (?:wake|be woken)|doesn't (?:respond|wake|move|answer when)|half awake|barely (?:awake|conscious)|out cold|slumped)\b(?! (?:fence|pole|wall|shed|sign|tree))",
            r"\b" + _PERSON + r"\b" + _GAP + r"\b(?:not moving|isn't moving|hasn't moved|doesn't move|not moved|collapsed|motionless|face down|hasn't got up|same (?:spot|position|posture))\b",
            r"\b(?:heart attack|cardiac arrest|chest pains?|having a stroke|stroke symptoms|face is drooping|seizures?|convuls\w*|anaphyla\w*|allergic reaction|epipen|insulin|diabetic (?:shock|emergency|low)|overdose|choking|severe(?:ly)? (?:burn|bleed)\w*|heat ?stroke|hypothermi\w*|frostbit\w*|freez(?:ing|e) to death|going into labou?r|in labou?r|water broke|giving birth|concussion|miscarr\w*)\b(?! (?:prevention (?:site|course|kit)|training|course|kits?))",
            r"\bbleeding\b(?! (?:gums|heart|edge))|\bblood (?:everywhere|all over|on (?:the|his|her) (?:face|head|floor))\b|\bbleed(?:s)? (?:badly|a lot|heavily|out)\b",
            r"\b(?:hit|struck|run over|ran over|knocked down|mowed down) (?:by|a|an|the) (?:\w+ )?(?:car|truck|bus|streetcar|vehicle|van|bike|cyclist|pedestrian|kid|child|person|driver|train|scooter|e-?bike|woman|man|boy|girl|lady|senior)\b",
            r"\b(?:person|people|someone|man|woman|kid|child|cyclist|pedestrian|driver|worker|lady|guy|boy|girl|senior|passenger|he|she|he's|she's|they're|i'm|mother|mom|father|dad|son|daughter|friend|neighbour|wife|husband|grand\w+)\b" + _NEAR + r"\b(?:is |was |are |got |been |badly |seriously |really )*(?:hurt|injured|trapped|pinned|crushed|impaled|burn(?:ed|t) (?:badly|by)|unconscious|dying|dead|stuck under)\b(?! (?:by the (?:bylaw|rules|fees|cost)|my feelings|in traffic|feelings|line|battery|end|tree|bulb|lawn|grass|plants?|animals?|raccoon|squirrel|bird))",
            r"\b(?:fell|fallen|slipped|tripped|tumbled)\b" + _GAP + r"\b(?:can't (?:get up|move|stand|walk)|broke (?:a |his |her |my |their )?(?:hip|leg|arm|wrist|ankle|neck|back)|hit (?:his|her|my|their) head|unconscious|bleeding|ambulance|badly hurt|not moving|from (?:the |a )?(?:roof|ladder|balcony|window|scaffold\w*|tree|crane|bridge))\b",
            r"\b(?:send|need|call|calling|get|want|require) (?:\w+ )?(?:an |the )?(?:ambulance|paramedics?|ems)\b|\bcall(?:ing)? 911\b|\bneed (?:police|help) (?:right )?now\b|\bmedical emergency\b|\blife or death\b|\bdying\b(?! (?:tree|trees|grass|lawn|plants?|ash|maple|elm|oak|branch\w*|hedge|bulb|light|battery|to (?:know|see|try|ask)))(?<!tree dying)(?<!trees dying)(?<!tree is dying)(?<!trees are dying)(?<!grass dying)(?<!grass is dying)(?<!lawn is dying)",
            r"\b(?:lying|laying|lies|layin|lain|curled up|sprawled|sleeping|slumped|passed)\b" + _GAP + r"\b(?:not moving|snow ?bank|in the snow|in the cold|middle of the (?:road|street)|on the (?:tracks|road|highway)|since (?:yesterday|last night|this morning|morning)|for (?:hours|days|a day|two days|a while now)|all (?:day|night)|hours now|covered (?:up|with)|no blanket|without (?:a )?(?:coat|blanket|shoes)|minus \d+|freezing|hasn't|hours|not respond\w*|won't)\b",
            r"\b(?:haven't|hasn't|not|no one has|nobody has|nobody's) (?:\w+ )?(?:seen|heard from|been seen|answered|answering|come out)\b" + _GAP + r"\b(?:days|week|since|door|weeks|phone)\b(?=.*)" ,
            r"\b(?:elderly|old|senior|older) (?:\w+ )?(?:neighbour|man|woman|lady|tenant|person|gentleman|couple)\b" + _GAP + r"\b(?:not answering|isn't answering|doesn't answer|mail piling|newspapers? piling|not seen|hasn't been seen|no sign|worried about (?:him|her)|check on|trapped|stuck inside|can't get out|can't open)\b",
            r"\b(?:oxygen|ventilator|dialysis|life support|cpap|insulin|medical device|breathing machine|suction machine|feeding pump|nebuli[sz]er)\b" + _GAP + r"\b(?:power|electricity|outage|battery|lights|out|running out|no)\b|\b(?:power|electricity|lights)\b" + _GAP + r"\b(?:oxygen|ventilator|dialysis|life support|cpap|medical device|breathing machine|nebuli[sz]er|feeding pump)\b",
            r"\b(?:trapped|stuck) (?:in|inside|under|between)\b" + _NEAR + r"(?:elevator|lift|rubble|car|vehicle|machine|trench|hole|collapsed|building|burning|basement|snow|debris|shaft|train)\b|\belevator\b" + _GAP + r"\b(?:trapped|stuck inside|people inside|stuck with)\b",
            r"\b(?:drug|needle|pills?|fentanyl)\b" + _GAP + r"\b(?:toddler|child|kid|baby|son|daughter)\b" + _NEAR + r"\b(?:poked|pricked|stepped|swallow\w*|ate|mouth|touched|stuck)\b|\b(?:poked|pricked|stuck|jabbed|stepped on)\b" + _GAP + r"\b(?:needle|syringe|sharps?)\b",
            r"\b(?:car|bus|truck|bike|motorcycle|streetcar|vehicle|van|multi vehicle|bad|serious|head on|major|horrible|terrible) (?:\w+ )?(?:crash|collision|accident|wreck|pile ?up|flipped|rolled over|overturned)\b(?! (?:report\w*|last|statistics|benefits|data|claim|insurance|history|prone|waiting|rate))|\b(?:crashed into|rolled over|flipped over|upside down|overturned)\b" + _GAP + r"\b(?:house|store|pole|people|driver|someone|inside|car|vehicle|building|bus stop|hydrant|tree)\b",
        ),
        _any(
            r"\b(?:dead|injured|sick|hurt|dying|trapped|bleeding|stuck|orphan\w*|limping) (?:\w+ )?" + _ANIMAL + r"\b[^.!?]*",
            r"\b" + _ANIMAL + r"\b[^.!?]{0,60}\b(?:dead|dying|injured|hurt|not moving|isn't moving|bleeding|stuck|trapped|limping|sick|lying|laying|hit by|seizure|convuls\w*|chimney|attic)\b[^.!?]*",
            r"\b(?:dead|dying|injured|hurt) (?:tree|trees|branch\w*|dog|battery|end|line|bulb|leaves|plant\w*|grass|elm|ash|maple|oak|spot|zone|hedge|limb\w*)\b[^.!?]*", r"\b(?:tree|trees|branch\w*|grass|lawn|plants?|hedge|ash|elm|maple|oak|limb)\b[^.!?]{0,25}\b(?:dead|dying|bleeding|hurt)\b",
            r"\b(?:slippery|icy|uneven|broken|cracked)\b[^.!?]*\b(?:someone|people|i|you|seniors?|kids?) (?:is |are |will |could |might |may |can |going to )+(?:going to )?(?:fall|trip|slip|get hurt|be hurt|break)\b[^.!?]*",
            r"\b(?:someone|somebody|people|person|kid|child|kids|children|he|she|they|senior|pedestrian|cyclist|a \w+)\b(?: is| are| will| could| might| may| can| 's going|'s)?(?: be| get| going to| gonna| end up| eventually| soon| really| probably)*(?: be| get)? (?:hurt|killed|injured|hit|run over|seriously hurt)\b(?= (?:here|there|soon|one day|someday|before|if|sooner|eventually|at this|on this|by a car if|unless)|[.!?]|$)",
            r"\bbefore (?:someone|somebody|anyone|a (?:kid|child|person)|people|a \w+|an \w+)(?: \w+){0,4}[^.!?]*", r"\b(?:waiting|wait) (?:for )?(?:someone|an accident|a child|somebody)\b[^.!?]*", r"\b(?:could|might|may|will|would|can|going to|bound to) (?:\w+ )?(?:get |be |cause |have |see )?(?:a |an |someone |somebody |people |serious |bad )*(?:hurt|injured|killed|hit|run over|accidents?|collision|crash|die|fall|trip|bleeding|dead)\b",
            r"\b(?:haven't|hasn't|not|nobody has|no one has) (?:\w+ ){0,2}(?:seen|heard|answered|heard from|been seen)\b[^.!?]{0,40}\b(?:garbage|truck|plow|crew|city|311|you|anyone from|response|email|call|back|cat|dog|bill|refund|inspector|worker|letter|landlord|super\w*|pet|bus|cheque|staff|officer|permit|it|mail)\b[^.!?]*",
            r"\bcar accident (?:report|benefits|lawyer|insurance)\b|\baccident (?:last|report|records?|claim)\b|\b(?:old|previous|past|many|several|lots of|so many|frequent|too many) (?:\w+ )?(?:accidents?|collisions?|crashes)\b|\b(?:accidents?|collisions?|crashes) (?:happen\w*|every|all the time|often|a lot|weekly|at this)\b[^.!?]*|\bambulances? (?:bill|cost|fee|invoice|siren\w*|noise|blocked|can't get|could not)\b[^.!?]*|\b(?:naloxone|overdose) (?:kit|kits|training|prevention)\b[^.!?]*",
            r"\b(?:no wonder|almost|nearly|close to|would have) (?:got |get |was |been |being )?(?:hit|run over|killed|hurt|struck|fell)\b[^.!?]*", r"\bpeople sleeping\b|\bdying (?:to|for)\b|\bdead (?:tired|serious|wrong|slow|phone)\b|\bdead\b(?= (?:streetlight|light|lamp))",
            r"\b(?:fell|tripped|slipped)\b[^.!?]*\b(?:last (?:week|month|year|winter)|weeks ago|months ago|days ago|yesterday)\b[^.!?]*\b(?:claim|compensat\w*|sue|pay|report)\b[^.!?]*", r"\b(?:claim|compensat\w*|sue)\b[^.!?]*\b(?:fell|tripped|slipped|broke|injur\w*|hurt)\b[^.!?]*", r"\bsleeping (?:in|on) (?:a |the |their |his |her )?(?:tent|park bench|bus shelter|stairwell|doorway)\b(?![^.!?]*(?:not moving|snow|cold|minus))",
        ),
    ),
    Rule(
        "animal",
        _any(
            r"\b(?:dogs?|pit ?bulls?|coyotes?|bears?|moose|husky|shepherd|rottweiler|animal)\b" + _GAP + r"\b(?:is |are |just |now )?(?:attack(?:ing|ed|s)?|maul\w*|biting|bit|bitten|charging|lunging|chasing|growling|cornered|killed|ripp\w*)\b" + _GAP + r"\b(?:right now|now|me|people|kids?|child\w*|someone|man|woman|toddler|boy|girl|baby|face|neck|help|us|won't let go|her|him|person|senior|runner|jogger|cyclist)\b",
            r"\b(?:dog|cat|puppy|puppies|kittens?|pet|animal)\b" + _GAP + r"\b(?:left |locked |trapped |shut |stuck |inside |in )+(?:in |inside )?(?:a |the |an |someone's |their |that |this )?(?:\w+ )?(?:car|vehicle|truck|van|suv)\b",
            r"\b(?:hot|locked|parked|sealed|closed) (?:\w+ )?(?:car|vehicle|van|truck|suv)\b" + _GAP + r"\b(?:dog|cat|puppy|pet|animal)\b|\b(?:windows (?:up|closed|rolled up|shut))\b" + _GAP + r"\b(?:dog|puppy|cat)\b|\b(?:dog|puppy|cat)\b" + _GAP + r"\bwindows (?:up|closed|rolled up|shut)\b",
            r"\b(?:dog|puppy|cat|kittens?|pet|animal)\b" + _GAP + r"\b(?:freezing|frozen|no (?:shelter|water|food)|deep cold|minus \d+|starving|dying|heat ?stroke|chained|being beaten|beaten|being kicked|kicked|tortured|set on fire|hanging|drowning|fell through)\b|\b(?:kicking|beating|torturing|hurting|abusing|choking) (?:a |the |his |her |their |my |an )?(?:\w+ )?(?:dog|cat|puppy|kitten|animal|pet)\b",
            r"\b(?:bear|cougar|moose|wolf) (?:is |in |on |near|at|walking|loose)|\bsnake\b" + _NEAR + r"\b(?:bit|venom\w*)\b|\b(?:aggressive|rabid|foaming) (?:\w+ )?(?:coyote|dog|raccoon|fox)\b",
        ),
        _any(r"\b(?:bit|bitten|attacked|bites?)\b[^.!?]*\b(?:last (?:week|month|night|year|summer)|yesterday|ago|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^.!?]*", r"\bteddy bears?\b|\bbear (?:with|in mind)\b|\bdog (?:park|licen\w+|tags?)\b",
             r"\b(?:what (?:do|should) i do if|what happens if|what if)\b[^.!?]*"),
    ),
    Rule(
        "collapse",
        _any(
            r"\b" + _STRUCTURE + r"\b" + _GAP + _FALLS + r"\b",
            r"\b(?:pieces?|chunks?|bits|parts?|debris|bricks?|slabs?|panels?|sheets?) (?:of \w+ |\w+ )?(?:\w+ )?" + _FALLS + r"\b" + _GAP + r"\b(?:building|bridge|wall|roof|balcony|sidewalk|people|overpass|tower|condo|road|cars?|ceiling|crane|facade|walkway|street|station|site)\b",
            r"\b(?:collaps\w+|cav(?:ed|ing) in|fall(?:ing|en)|falling|crumbling|about to (?:fall|collapse)) (?:\w+ ){0,2}?" + _STRUCTURE + r"\b",
            r"\b(?:sink ?hole|road|street|sidewalk|pavement|ground|driveway|lane|trench|excavation|hill ?side|bank|slope|hill)\b" + _NEAR + r"\b(?:collaps\w*|cav(?:ed|es|ing) in|gave way|opened up|giving way|slid|sliding|swallowed|sunk|sinking|dropped)\b|\b(?:landslide|mudslide|sink ?hole)\b",
            r"\b(?:man ?hole|sewer|catch ?basin|storm drain|utility|hydro|drain|vault|access|metal|steel|grate|chamber) ?(?:\w+ )?(?:cover|lid|grate|grating|plate|hatch|hole|top)s?\b" + _GAP + r"\b(?:missing|off|gone|open|moved|shifted|stolen|broken|collapsed|popped|loose|half|fell|ajar|displaced|lifted|rocking|rattl\w*|clank\w*|cracked|sunk)\b",
            r"\b(?:missing|open|uncovered|no|stolen|broken|loose|shifted) (?:\w+ )?(?:man ?hole|sewer|catch ?basin|storm drain|utility hole|drain) ?(?:cover|lid|grate|hole)?\b|\b(?:man ?hole|catch ?basin|storm drain|sewer)\b" + _NEAR + r"\b(?:is |has |with )?(?:open|no (?:cover|lid|grate)|without|uncovered|wide open)\b",
            r"\b(?:deep|open|huge|big|uncovered|unfenced|unguarded) (?:\w+ )?(?:hole|pit|trench|excavation|shaft|well)\b" + _GAP + r"\b(?:fence|kids?|child\w*|no (?:barrier|fence|cover|cones|warning|railing)|fall in|unfenced|unguarded|barrier|school|playground|lights?)\b|\b(?:no|fallen|missing|blown over|knocked down|loose|open|gap in) (?:\w+ )?(?:fence|fencing|barrier|hoarding|railing|guard ?rail)\b" + _GAP + r"\b(?:hole|pit|trench|excavation|drop|cliff|construction|edge|stairs|bridge|balcony|ravine)\b",
            r"\bcrane\b" + _GAP + r"\b(?:swing\w*|over (?:people|the (?:sidewalk|road|street|school))|lift\w*|load|tilt\w*|lean\w*|wobbl\w*)\b|\b(?:worker|man|guy|roofer|men|crew)\w*\b" + _GAP + r"\b(?:no|without(?: a| any)?|untied|not) (?:\w+ )?(?:harness|tied|rope|safety (?:line|gear|harness)|railing)\b|\b(?:too many|overloaded|packed|crowd\w*)\b" + _NEAR + r"(?:balcony|deck|porch|roof|fire escape)\b",
            r"\b(?:wall|chimney|sign|pole|fence|scaffold\w*|retaining wall|porch|balcony|building|crane|tower)\b" + _NEAR + r"\b(?:is |are |badly |really |now |dangerously )*(?:leaning|tilting|bulging|bowing|tipping|shaking|wobbl\w*)\b" + _GAP + r"\b(?:fall|people|sidewalk|over|collapse|dangerous\w*|onto|towards?|kids|school|any|crush)\b",
            r"\btree\b" + _GAP + r"\b(?:on|onto|through|into|crush\w*|pinned|fell on) (?:a |the |my |our |her |his |their |top of )?(?:\w+ )?(?:person|someone|people|kid|child|man|woman|occupied|car with)\b|\b(?:someone|person|people|man|woman|kid|child) (?:\w+ )?(?:under|beneath|pinned by|trapped by) (?:a |the )?(?:\w+ )?(?:tree|branch|limb)\b",
        ),
        _any(
            r"\b(?:prices?|rents?|temperature|leaves|snow|rain|acorns?|night ?fall|water|paint|branch\w*|apples?|fruit|seeds?|petals?|needles?|taxes|rates?|numbers?|voices?)\b[^.!?]{0,15}\b(?:fall\w*|fell|drop\w*|com(?:e|ing) (?:down|off))\b",
            r"\b(?:fell|fall(?:s|ing)?|slipp\w+|tripp\w+|drop\w*|trips?) (?:on|off|over|down|behind|asleep|apart at the seams|into debt|in love|short)\b(?= (?:the |my |an? )?(?:ice|icy|stairs at|my bike|sidewalk|behind|payments?|rent|street|snow|uneven|curb))",
            r"\bfall (?:leaf|leaves|clean\w*|program\w*|schedule|registration|camp\w*|colou?rs|yard|2\d{3}|season|of 2\d{3}|fair|break)\b|\bthis fall\b|\bin the fall\b|\blast fall\b|\bnext fall\b",
            r"\b(?:roof|gutters?|eaves\w*|house|building|window)s?\b[^.!?]{0,40}\b(?:snow|ice|icicles?|water|rain|leaves|leak\w*)\b[^.!?]{0,40}\b(?:fall\w*|com(?:e|ing)|fell|drop\w*|drip\w*)\b(?![^.!?]*(?:people|pedestrian|sidewalk|hit))",
            r"\bdrop(?:ped|ping|s)?(?:[ -]off|s off| by| in| out|ped off)\b|\bdrop[ -]?(?:off|in)s?\b|\b(?:house|home|building|unit|condo|rental)\b[^.!?]{0,20}\b(?:prices?|value|sale|insurance|showing|inspection)\b", r"\bcom(?:e|es|ing|ing in) (?:down|off) (?:the|our|my|this|from)? ?(?:street|road|lane|hill|highway|ramp|stairs|drive\w*)\b",
            r"\b(?:rat|mouse|mice|cat|ball|toy|phone|key|ring)s?\b[^.!?]{0,20}\b(?:fell|fall\w*|drop\w*|down)\b[^.!?]*\b(?:drain|grate|sewer|catch ?basin)\b", r"\b(?:blocked|clogged|plugged|flood\w*|overflow\w*|back(?:ed|ing) up|smell\w*|full)\b[^.!?]{0,20}\b(?:drain|catch ?basin|sewer|grate)s?\b", r"\b(?:drain|catch ?basin|sewer|grate)s?\b[^.!?]{0,25}\b(?:blocked|clogged|plugged|flood\w*|overflow\w*|back(?:ed|ing) up|smell\w*|full)\b",
            r"\btree house\b|\bgreen ?house\b|\bopen house\b|\bdoors open\b|\bhouse (?:number|plants?|keys?)\b|\bfall(?:s|ing)? (?:apart|behind|asleep)\b(?= (?:on|with|in) (?:my|the) (?:rent|payments?|bills?))",
            r"\b(?:library|school|store|restaurant|pool|rink|centre|office|street|road|lane) (?:is |are |was )?(?:open|opened|opens|opening) (?:up )?(?:for|on|at|again|today|late|sundays?)\b",
        ),
    ),
)  # fmt: skip
