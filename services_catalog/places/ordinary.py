"""Ordinary English words that are also, or nearly, names of streets or parts of a city.

Alone they are no place ("we park here", "the old king"), and none of them is a misspelt name.
"""

from __future__ import annotations

ORDINARY = frozenset(
    """
        public private shopping promenade cemetery side whole entire busy wall walls front wet storey storeys deep
    sounds township southbound northbound eastbound row
    a about adult adults advance after again alert all alley also am amazon amber an and any apartment apartments april arcade
    are area arena army arrow arrows as at atlantic atomic august autumn avenue babies baby back bag bags bait bald ball balloon
    balsam bamboo band bang banging bank banking banks banner barber bark barn basic basin basins basketball basswood bath bay
    be beach beaches bearing beats beauty beaver bedroom bedrooms beech been bees before began being bench benches bend bender
    between big bike bikes bill bills bin bind bins birch bird birth bishop blade blame blank blaze block blocks blood boardwalk
    bond bone bones book boom booster boot booth boots border boring born both bottle bottles box boxes boy boys bracket brake
    brand breach breath brick bridge bright bring broke broken brook brown building bunk bus buses bushes but button by cactus
    call calls can canada canadian candle cane cannon canoe cans caps captain car carbon card cards care carp carpenter carriage
    carriages carried carrier carries carry carrying cars cart carts case cash cast castle cat cats cave cedar cement center
    centre centred centres chair chairs chamber chambers champagne chapter charges cherry child children china chose church
    circle citation civic civil claim class clean clock close closed closes closet coach code coil coin coins cold collection
    college come commissioner common complex compost condo condom cone cones conference consent cook cooks cool coop copies copy
    cork corn coronation corporate cost couch couches count counter couples court courts crater crescent crew crews cross crow
    crowd crown crows cups curled daily dance danforth dare date dates day daycare days dead december deed deep deer different
    dirty disco dog dogs dollar dollars done door doors down dozen drawer drive dump dumped dumping duplex during each early
    earn ears east easter easy eaten eats eight eighth eighty elder elders elm email end entrance entrances estate even evening
    ever evergreen every express faint fair faith fall families family far fare farm february fee fees feet festival festivals
    few fifth fifty fine fines first fist fleet flood floor floors food foot for forces foreman forest fork form formal forms
    fort fortune found fountain fourth free friday friendly from front frost gala galaxy game garbage garden gardener gardens
    gate gauge gave gender generations george girl girls giving gold government gown grace grade grand granny grant grass green
    grew grey grind guess guest guests gully guns gust half halfway hallway hammer hand handing hands harbour hard harm hate
    hates have he health heard hears heart heat hedge hedges her here hidden hides high hill hillside him hire his hive hockey
    hole holes holiday holidays home homes honey hope hornet hose hospital hospitals hostel hot hour hours house houses how
    hundred hunted hunter hurt i ice if im in inch inches index indian international iron is island islands it item items its
    ive jack james january john join jokes jones junction june just kept kg kid kids killing kind king kings km knob know ladder
    laid lake lamb lamp land landing lane lanes large last latch late laying lbs leaf leaves legion lend less lesson letter
    letters liberty library lids light lights like lilac limb limestone limo line linen lines link list liter liters litre
    litres litter little live load loads loan long lose lost lot lots loud louder love loves lying mail main major mall man
    mango manor mans mansion many maple march marie marina mark marked marker market marketplace markets marshal marvel mason
    massive mattress mattresses may mayor me meadow meal men mercury metal meter meters metre metres mice mile miles milk mill
    million min mind mine mini minor mins minute minutes mirror missed monday month monthly months moral more morning mosque
    most mouse much municipal mutual my national nature near needle needles nest nets never new news next niagara night nights
    nine ninth no noise noisy noon normal north not november number numbers oak oaks oclock of off old olive on online only
    ontario open or order organic organics other others our out oven over owed owes pacific pack page pages paid pain palms
    paper para park parkade parkette parking parks part pass past path paths patron pay pens people percent permit permits
    person pest pharmacy phone photo photos pick pickup piece pieces pile pine pinery pink pins pipe place plain plans plaster
    plastic player playground plaza pm poison poking polar pole poles pond pool poplar pork port post posts pothole potholes
    pots pottery pound pounds powder power powers price prices prime prince principal prize progress pump puppy pure quarter
    queen queens rabbit rabbits raccoon raccoons racing rain range rat rats rave ravine ray read real rear recent recycling
    remembrance report reported research ride rider ridge riding rink rite river riverside road robin roman room rooms rope
    ropes rose rotary rustic safe sale sales same sank saturday save scale scan school schools season seasons second seconds
    settles seventh seventy shade shaft shake shape share sharp shaved she sheet sheets shell shelter shift shooting short
    shouting show sick sign signed signs since sixth sixty size sizes skunk skunks small smell snow so soccer sofa sofas some
    song sorting south spark sparks spot spots spring spruce square squares stadium stage stains stale start station steeles
    step steps still sting stone stop stops store stored stores storey stories storm story stray street streetcar stroke strong
    student students stung submit summer summers sunday sunrise superior survey swan swans swap swift table tables tags tame
    tanks taps tax taxes taxis teacher teachers teaching teeth temple tennis tent tenth tents than that the their them then
    there these they third this those thousand thunder thursday ticket tickets time times tire tires to today tomorrow ton
    tonight tons too tore torn tournament towed towel tower towers trail transit trash treat tree trees trolley truck trucks
    truly tuesday type tyre tyres under union unit units university until up uphill us valley verbal verge vest victory view
    village vine vines wage wake walk walker wallet warned was wash washroom wasps waste water waterfront wave way ways we wear
    website wednesday weeds week weekend weekends weekly weeks weight weird well wellness were westbound what wheeled when where
    which while white who why wicket wide wider wild wind winners winter winters with wolf woman women woodlot write yard yards
    year yearly years yes yesterday you your zoo zoom
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
