"""The table of dangers: what tells of each, and what only sounds like it. First match wins.

How residents write of danger was gathered from real reports to city lines (docs/safety.md says which kinds);
phone numbers and advice are the city pack's. safety_lines.py says how a line is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.safety_lines import Finder, Line, read_lines


@dataclass(frozen=True)
class Rule:
    """One kind of danger."""

    kind: str
    tells: tuple[Line, ...]
    excuses: tuple[Line, ...]


# After these the fixed text is the whole answer: no machine may add to it, and none asks for details.
SAYS_ALL = frozenset({"crisis", "abuse"})

LISTS = {
    "ADULT": """husband | wife | mother | father | mom | mum | dad | grandm* | grandf* | grandpa | brother
        | sister""",
    "ALARM": """carbon monoxide alarm | carbon monoxide detector | carbon monoxide sensor | co alarm
        | co detector | co sensor | c.o. alarm | co meter | co monitor | co2 alarm | monoxide""",
    "BURNER": "furnace | generator | heater | boiler | gas stove | car running | exhaust | fireplace | charcoal",
    "BURNS": """house | building | apartment | unit | car | truck | van | shed | garage | dumpster | bin
        | tree | grass | park | kitchen | balcony | roof | store | fence | field | school | bus | hallway
        | basement | stove | oven | furnace | transformer | vehicle | mattress | tent | brush | forest
        | porch | garbage room | garbage chute | barn""",
    "CHILD": """child | children | kid | kids | baby | babies | toddler* | infant* | newborn | boy | boys
        | girl | girls | son | daughter | grandson | granddaughter | nephew | niece | little one
        | year old | twins""",
    "COOKING": """bbq | barbecue | wood stove | fire pit* | firepit* | bonfire* | chimney | grill*
        | food truck | restaurant | campfire | leaves | pizza | toast""",
    "FALLS": """collaps* | caving in | caved in | gave way | giving way | gives way | falling | fell | fallen
        | fall off | coming down | came down | come down | coming loose | come loose | came loose
        | coming off | came off | dropping | dropped | about to fall | about to go | about to drop
        | about to come | going to fall | going to drop | going to come down | crumbl* | buckl* | toppl*
        | tipped over | swaying | hanging by""",
    "FAMILY": """husband | hubby | wife | boyfriend | girlfriend | bf | gf | partner | spouse | ex | fianc*
        | dad | father | mom | mum | mother | stepdad | stepfather | stepmother | son | brother | uncle
        | boss | caregiver | family""",
    "FIERCE": """dog | dogs | pit bull* | pitbull* | coyote* | bear | moose | husky | shepherd | rottweiler
        | mastiff* | fox""",
    "GROUND": """road | street | sidewalk | pavement | ground | driveway | lane | slope | hill | hillside
        | trench""",
    "HARMFUL": """bleach | cleaner | pill | pills | medicine | medication | meds | tablets | battery
        | batteries | detergent | pod | pods | poison* | mushroom* | antifreeze | chemical* | thinner
        | gasoline | ammonia | drain | vape | nicotine | berries | edible* | gummy | gummies | pesticide
        | windshield | magnet* | mothball* | glow stick""",
    "HOME": """hall | hallway | stairs | stairwell | building | apartment | basement | unit | house | kitchen
        | lobby | elevator | attic | wall | walls | room | bedroom | corridor | floor""",
    "LID": """manhole* | man hole* | sewer cover* | sewer lid* | sewer top* | catch basin* | catchbasin*
        | storm drain* | drain cover* | utility hole* | hole cover* | manhole cover* | utility cover*
        | sewer grate* | steel plate*""",
    "MACHINE": """oxygen | ventilator | dialysis | life support | cpap | medical device | breathing machine
        | suction machine | feeding pump | nebulizer""",
    "PAST": """last week | last month | last year | last summer | last winter | last spring | last fall
        | weeks ago | months ago | years ago | year ago | month ago | week ago | in 20* | in january
        | in february | in march | in april | in may | in june | in july | in august | in september
        | in october | in november | in december | in spring | in the spring | in summer""",
    "PERSON": """someone | person | people | man | men | woman | women | guy | lady | gentleman | worker
        | kid | kids | child | children | boy | girl | baby | toddler | teen* | senior | neighbour | tenant
        | roommate | friend | cyclist | pedestrian | driver | passenger | student | mother | mom | mum
        | father | dad | grand* | husband | wife | son | daughter | brother | sister | uncle | aunt | he
        | she | he's | she's | they | i'm""",
    "PET": "dog | dogs | puppy | puppies | cat | kitten* | pet | animal | husky | spaniel | pup",
    "SICK": """dizzy | headache* | nause* | light headed | lightheaded | faint* | sleepy | throwing up
        | vomit* | drowsy | groggy | talks funny | talking funny | slurring""",
    "SMOKED": """cigarette* | cigar* | weed | cannabis | marijuana | pot | joint | vap* | tobacco | smoker*
        | hookah | second hand | incense""",
    "STRUCTURE": """wall | building | roof | ceiling | balcony | porch | crane | scaffold* | bridge
        | overpass | viaduct | garage | deck | chimney | facade | brick* | concrete | cement | masonry
        | plaster | glass | window | windows | billboard | hoarding | stairs | staircase | stairwell
        | awning | canopy | stones | soffit | cornice | parapet | tunnel | slab | ledge | tiles | stage
        | bleachers | floor""",
    "WATERS": "lake | river | creek | water | pond | pool | canal | harbour",
    "WEAPON": """knife | knives | gun | guns | handgun | rifle | pistol | machete | axe | hammer | crowbar
        | sword | blade | weapon | shotgun | broken bottle""",
    "WILD": """raccoon* | squirrel* | bird* | cat | cats | kitten* | skunk* | fox | foxes | deer | goose
        | geese | rat | rats | mouse | mice | possum* | opossum* | coyote* | rabbit* | pigeon* | duck*
        | gull* | animal* | turtle* | swan* | hawk* | bat | bats | beaver* | groundhog* | wasps | bees""",
    "WIRE": """wire | wires | wiring | cable | cables | power line | power lines | electric line
        | electrical line | overhead line | overhead lines | streetcar line | live line""",
}

# Ordinary for every kind: what is long over, and questions about rules.
_ORDINARY = """
    ... {PAST} ...
    do i need | do we need | can i have | may i | am i allowed | is it legal | is it allowed ...
    need a permit | permit to | permit for ...
    ... essay | statistics | awareness | brochure | volunteer* | donat* ...
"""

_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "crisis",
        """
        ! kill myself | killing myself | kms | end my life | ending my life | i'm suicidal
        ! wish i was dead | wish i were dead | i want to die | he wants to die | she wants to die
        suicide | suicidal | end it all
        ! end everything | end things for good | ending it | want to end it | better off dead | take my life
        want to die | wants to die | wanted to die | want to be dead
        ! wish i was never born | better off without me | take my own life | hurt myself | harm myself
        hurt herself | hurt himself | harm herself | harm himself | cut myself | cutting myself | self harm*
        ! kill himself | kill herself | kill themselves | want to disappear forever
        ! don't want to live anymore | don't want to be here anymore | don't want to exist | hate being alive
        ! rather be dead | won't be alive | be dead by
        ! don't want to be alive | don't want to wake up | don't want to go on | don't feel like living
        tired of living | tired of life | done with life | give up on life | hate my life
        ! nothing left to live | nothing to live for | no reason to | no point living | no point in living
        can't go on | can't keep going | can't do this anymore | can't cope any more
        jump* > bridge | building | balcony | roof | overpass | ledge | train | subway | viaduct
        ! thinking about | thinking of > dying | death | ending | jumping
        goodbye letter | goodbye note | wrote goodbye | plan to die | planning to die | plan to end
        voices in my head | hearing voices
        ! voices > tell | tells | telling
        ! nobody would miss me | nobody will miss me | took all my pills | took too many pills
        when i'm gone | after i'm gone | once i'm gone
        on the edge | over the rail | over the railing | wrong side of | outside of > roof | bridge | overpass
        | viaduct | parking garage
        """,
        """
        suicide prevention | suicide barrier* | suicide squad | political suicide | suicide lane
        suicide awareness | suicide for small | nothing left to do
        cut myself > shaving
        plants | lawn > die | suicide
        end it > membership | permit | service
        """,
    ),
    (
        "poison",
        """
        ! swallow* | drank | drunk | drink* | ate | eaten | eat | ingest* | inhal* | got into | licked | chew*
        | bit into > {HARMFUL}
        i'm poisoned | is poisoned | am poisoned
        ! mixed | mixing > bleach | ammonia
        bleach and ammonia | bleach and vinegar
        eyes | lungs > burn* | stinging
        chlorine | ammonia | acid | solvent | lye ~ spill* | splash* | leak* | cloud | burn*
        green | yellow | yellowish | orange | chemical | toxic > cloud
        fumes > can't | dizzy | faint* | cough*
        """,
        """
        {WILD} > ate | eating | eaten | got into | chew* ...
        drinking water | drinking fountain*
        """,
    ),
    (
        "carbon_monoxide",
        """
        ! {ALARM} ~ going off | went off | goes off | beep* | ring* | rings | sound* | blar* | scream*
        | trigger* | in the red | keep* | won't stop | help | hurry
        ! {ALARM} > says | shows | reads | reading
        carbon monoxide > leak* | high | level* | in the house | in my house | in our house
        alarm says co | co leak
        ! {BURNER} ~ {SICK}
        {BURNER} ~ not making sense | pink | giggl*
        ! barbecue | bbq | charcoal | hibachi | generator | camp stove > inside | indoors | living room
        | bedroom | basement
        """,
        """
        {ALARM} ~ install* | require* | by law | by laws | bylaw | law | supply | provide | free | expire*
        | replace* | battery | batteries | buy | rebate | how many | how often | responsible | chirp* | low
        | statistics | where should | end of life | reads 0 | green light ...
        sick of | sick and tired
        """,
    ),
    (
        "gas",
        """
        ! smell ~ gas | propane | rotten egg* | egg | eggs | eggy | sulphur | sulfur | mercaptan | methane
        gas | propane ~ leak* | escap* | hiss* | whistl*
        ! meter | pipe | gas main | tank | furnace | regulator | valve ~ hiss*
        pipe | meter | regulator | valve ~ whistl* | roar*
        ! hit | struck | cut | broke* | ruptur* | punctur* | damag* | snapped | crack* | ran over | nicked
        | clipped | scraped | snagged | backed into > gas line | gas main | gas pipe
        ! gas line | gas main | gas pipe | gas meter > hit | struck | cut | broke* | ruptur* | damag*
        | snapped | knocked | bent
        ! stove | burner | oven | range > gas on | left on | leaking | won't shut off | won't turn off
        ! tank | bbq | barbecue > leaking
        gas in the | gas in my | gas in our | gas inside | gas alarm
        """,
        """
        gas station* | gas bar | gas pump* | gas tank | gas price* | gas bill* | gas compan* | gas powered
        gas mower* | gas leaf blower* | gas blower* | gas can | gas cans | gas cap | gas card | gas fitter*
        gas account | gas tax | sewer gas | exhaust gas | tear gas | laughing gas | gasoline spill
        ... smell ~ water | tap | green bin | compost | garbage | dumpster | fridge | bin | idling | exhaust
        | diesel | beach | algae | from the sewer | catch basin ...
        turn on gas | set up gas | cancel gas | cancel my gas | pay my gas
        ... gas leak ~ fixed | repair* | repaired | poster ...
        """,
    ),
    (
        "wire",
        """
        ! wire down | wires down | power line down | power lines down | downed wire* | downed power
        ! live wire on | live wires on | live wire hang* | live wires hang*
        {WIRE} > down | downed | fell | fallen | hang* | dangl* | low | spark* | snapp* | live | buzz*
        | arcing | droop* | sagg* | exposed | bare | broke* | came down | come off | came off | ripped
        | torn | touch* | crackl* | pulled | draped
        {WIRE} > on the road | on the ground | on the street | on the sidewalk | on the lawn | on my | across
        | in the puddle | in puddle | on a car | on the fence | over the fence | on the grass | on ground
        | in the water | over the road | on the roof
        down | downed | fallen | fell | hanging | dangling | live | exposed | bare | broken | snapped
        | sparking | touching | low > {WIRE}
        tree | branch* | limb | trunk | ladder | kite | crane | truck > touch* | on | in | against | hit
        | caught | has > {WIRE}
        spark* ~ pole | transformer | panel | outlet | socket | streetlight | lamp | meter | fuse | breaker
        | ceiling | wall
        ! transformer | pole | panel > exploded | blew | arcing | crackl*
        electrocut* | electric shock* | electrical shock* | got a shock | got shocked | got zapped
        ! threw me | knocked me back | jolt* | tingl* | zap* ~ tap | pole | post | fence | fridge | sink | handle
        | hose | gate | box | shower | switch
        ! shock | shocked | zapped > pole | post | fence | streetlight | grate | plate | hydrant | cover
        panel | electrical box | power box | power cabinet | transformer box | utility box | light post
        | lamp post | light pole > open | missing | exposed | wide | lock off | smashed
        power pole | utility pole > falling | leaning | about to | snapped | cracked | down | broke*
        """,
        """
        clothes line* | property line* | phone line* | hot line | bus line* | water line* | line up*
        cable tv | cable company | cable guy | cable bill | cable internet | internet cable | jumper cable*
        cable car | extension cord* | barbed wire | wire fence | wire transfer | wire mesh | wire basket
        christmas lights | low price | low income
        old | recycle | dispose | throw > wires | cables ...
        install* | bury | new | fibre > cable | internet
        phone wire | telephone wire | telephone wires | just a phone | phone line only ...
        shoes | coil > {WIRE} | on the wire*
        live wire of | wire hangers
        """,
    ),
    (
        "fire",
        """
        ! {BURNS} > on fire | caught fire | in flames
        on fire | caught fire | in flames | flames | burst into | ablaze | engulfed | set alight
        ! {BURNS} > burning | burns | smoking | smouldering | smoldering
        there's a | there is a | see a | big | huge | small | kitchen | house | grass | grease | electrical
        | dumpster | car | apartment | garage | building | bin > fire
        fire in | fire at | fire on | fire next door | fire across | fire behind | fire under | fire inside
        fire spreading | fire started | fire broke out | fire everywhere | started a fire | fire near
        smoke > coming | come | comes | pouring | pushing | puffing | billow* | filling | fills | rising
        | everywhere | seeping | out of | in hall
        ! smoke in the | smoke in my | smoke in our > {HOME}
        ! smoke > everywhere
        ! thick | black | heavy | lots of | see | white | grey | full of > smoke
        white | grey | gray | black | haze | something ~ seeping | pouring | under the door
        wall | door | outlet > warm to | hot to | getting hot
        outlet | socket | panel | switch | breaker ~ brown | hot | smok* | fizz* | scorch* | crackl* | melt*
        battery | batteries | scooter | ebike ~ hissing | popping | swelling | swelled | venting
        gasoline | poured gas | jerry can* > door | mat | hall | lighter | match*
        smell ~ burning | burnt | smoke | fire | electrical | melting | scorched
        something burning | something is burning | explosion | exploded | send fire | send the fire
        smoke alarm | fire alarm > going off | ringing | blaring > smoke | smell | trapped | kitchen
        ! trapped | can't get out | blocked | locked | chained | padlock* ~ fire exit* | fire door*
        | emergency exit* | only exit | back exit | smoke
        """,
        """
        fire pit* | firepit* | fire hydrant* | firework* | fire works | fire cracker* | fire station*
        fire hall* | fire route* | fire lane* | fire drill* | fire inspect* | fire code* | fireplace*
        fire place* | firewood | fire wood | fire permit* | fire ban* | fire insurance | fire damage
        fire report* | fire marshal | fire chief | firefighter* | fire plan* | fire prevention
        fire safety | fire extinguisher* | fire sprinkler* | fire sale | fire truck visit | fire escape
        fire department | fire alarm test* | burn ban | dumpster fire
        ... {SMOKED} ~ smoke | smoking | smell ...
        ... {COOKING} ~ smoke | smoking | smell | burning ...
        ... had a fire | after a fire | after the fire | after my fire | was a fire ...
        smoke free | no smoking | smoke detector* | burnt out | burned out | forest fire* | rubber
        music | engine | muffler | construction | bill | garbage > explo*
        """,
    ),
    (
        "water",
        """
        drowning | drowned | drown | swept away | washed away | thin ice | ice is cracking | through the ice
        ! face down in
        ! fell | fallen | slipped | went | gone | jumped | drove > in | into > {WATERS}
        off the dock | off the pier
        {PERSON} > in the | under > {WATERS} > help | can't swim | struggling | trouble | waving
        {PERSON} > on the ice | on the frozen | out on the
        ! harbour ice | ice ~ crack*
        car | truck | van | bus | people | someone | driver > stuck | trapped | stranded | floating | sinking
        > water | flood* | underpass
        river | creek | water > rising fast | rising quickly | raging | rising to
        ! water > outlet* | electrical panel | fuse box | breaker panel | live wire*
        water > to my chest | to my waist | to my neck | to the window
        ! boat | canoe | kayak | paddle board* | dinghy | raft ~ capsiz* | flipped | sinking | overturned | upside down
        """,
        """
        lawn | yard | garden | plants | tree | music | noise | bills | debt | paperwork | voice ~ drown*
        drown* > paperwork | mail | debt | noise | bills | forms | garbage | emails
        skating rink* | skate rink* | afraid of drowning | fear of drowning | fell in love | thin ice sign*
        basement | cellar | tomatoes > drown*
        phone | keys | ring | ball | toy | wallet | hat | shoe | glasses | bike | bikes | scooter | cart
        > fell | in | into > {WATERS}
        """,
    ),
    (
        "child",
        """
        {CHILD} > alone | unattended | by himself | by herself | by themselves | left in | locked in
        | locked out > car | home | apartment | balcony | street | road | house | van | park | outside
        | highway
        ! left | leaves | locked > {CHILD} > car | alone | home | apartment | balcony | outside | van
        ! {CHILD} | {ADULT} > is missing | has gone missing | wandered off | wandered away | wandered
        | kidnapped | abducted | been taken
        missing child | missing kid | missing boy | missing girl | missing person | missing senior
        ! can't find my > {CHILD} | {ADULT}
        mom and dad not home | mom not home
        {CHILD} > being hit | being beaten | bruis* | beaten | starv* | molest*
        ! child abuse | hitting | beating | shaking | beats | molest* > {CHILD}
        ! dementia | alzheimer* | confused > missing | wander* | lost | outside | nightgown | slippers
        | barefoot | took the car
        autis* | non verbal | nonverbal > missing | bolted | gone | wander* | alone | tracks | highway | traffic
        {CHILD} > on the road | on the highway | in the road | into traffic | on the tracks | window sill
        | on the ledge
        """,
        """
        child* bike | kid* bike | kids toys | child care | daycare | car seat | swimming | hockey
        missing > card | jacket | coat | bike | boot | lunch ...
        """,
    ),
    (
        "abuse",
        """
        ! i was raped | been raped | raped me | he hits me | she hits me | beats me up
        {FAMILY} > hits | hitting | beats | beating | hurts | hurting | chok* | strangl* | abus* | threaten*
        | punch* | slap* | kicks me | kicked me | rapes | raped | controls me | locks me | locked me
        | stalk* | following me | won't let me | going to kill | going to hurt | violent | forces me
        | shoves me | pushes me | pushed me | grabbed me | burns me | hit me | beat me | threw | hurt me
        afraid of | scared of | terrified of | hiding from | run away from | escape from | get away from
        > {FAMILY} | him
        domestic violence | domestic abuse | not safe at home | don't feel safe at home | not safe with
        abusive > {FAMILY} | relationship | home | marriage
        ! not safe here
        ! he | she | they > hits me | beats me | hurts me | chokes me | hit me | beat me | choked me
        | punched me | slapped me | raped me | hurt me
        ! he's going to kill me | he's going to hurt me | he will kill me | sexually assaulted | raped
        trafficked | forced marriage
        """,
        """
        afraid of dogs | afraid of rats | scared of dogs | scared of the dentist | beat the heat
        beat | beats > me > to | at > parking | spot | last | chess | tennis | every | games
        domestic violence shelter | long ago
        """,
    ),
    (
        "violence",
        """
        gunman | shooter | gunshot* | gunfire | shots fired | hear shots | heard shots | armed man
        armed guy | armed robbery | stabbing | stabbed | strangling
        with | has | have | holding | waving | pulled | carrying | swinging | got | had | bringing | showed
        | point* | bring > {WEAPON}
        stabs | machete | handgun | gun | rifle > me | him | people | someone | outside | in the | at the
        ! someone | man | guy | stranger | people | person | they | he's | intruder > breaking in
        | breaking into | trying to get in | trying to break in | climbing in | climb in | kicking in my
        | kicking my door | in my house | in our house | trying my door | trying to climb
        ! in progress | right now | happening ~ break in | home invasion | robbery | burglary | mugging
        | assault | carjacking
        burglar in | hostage* | kidnapped | brawl | exposing himself | exposed himself | a robbery
        being | getting | been | just > attacked | assaulted | robbed | mugged | beaten | jumped | followed
        ! attack* | assault* | beating | punch* | kicking | chok* | strangl* | robbing | mugging > me | him
        | her | man | woman | guy | person | people | someone | lady | kid | boy | girl | driver | clerk
        | student | friend | neighbour | cashier
        threat* | going to | wants to | trying to | said he'll | said he will > kill | shoot | stab
        | murder | hurt me | blow up | burn my house
        fight* > going on | right now | broke out | in the lobby | in the street | with bats | chairs
        scream* | yell* > help | please stop | let me | stop
        ! calling for help | crying for help
        ! following | stalking | chasing > me | us | my daughter | my son | my kids
        ! grabbed > me | girl | woman | kid | child | my arm | my purse | my daughter | my son
        ! is at my door > with
        pops | pop pop | loud bangs > moan* | ran | scream* | ducking | down
        ! put something | slipped something | spiked > drink
        ! dragged | pulled | forced | shoved > into a van | into the van | into a car | into his car
        """,
        """
        water gun* | glue gun* | nerf gun* | toy gun* | heat gun* | nail gun* | gun licen* | gun club
        photo shoot* | film shoot* | shooting a | shooting hoops | turn in | surrender | gun amnesty
        fight > ticket* | fine* | charge* | eviction | bill ...
        kitchen knives | butter knife | pocket knife | bath bomb* | bomb cyclone | photo bomb*
        ... {WILD} | mosquito* ~ attack* | fight* | break* | trying to get in | kill* ...
        ... fireworks | backfir* | muffler | film | movie | graffiti ...
        broke into | broken into | breaking into > bin | bins | shed | car > last night | yesterday ...
        kill > weeds | grass | rats | mice | bugs | ants | tree | trees | plants
        {FIERCE} | {WILD} | horse | stray* | swan* | ferret > attack* | chas* | following | stalking | beating | kicking
        hostage situation | deposit hostage | kick* me | punching bag | beating around the bush
        """,
    ),
    (
        "medical",
        """
        ! i'm having | he's having | she's having | is having > stroke | heart attack | seizure
        ! need an ambulance | need ambulance | send an ambulance | send ambulance
        ! not breathing | isn't breathing | stopped breathing | can't breathe | trouble breathing
        ! hard to breathe | barely breathing | barely breathe | hardly breathe | no pulse | needs cpr
        turning blue | turned blue | need cpr | won't wake | can't wake | not waking | not responding
        unconscious | unresponsive | passed out | blacked out | fainted | out cold | slumped | half awake
        won't respond | not responsive | not moving | isn't moving | hasn't moved | won't get up
        {PERSON} > doesn't move | collapsed | motionless | face down | same spot
        heart attack | cardiac arrest | chest pain* | having a stroke | seizure* | convuls* | anaphyla*
        allergic reaction | epipen | narcan | naloxone given
        overdose | choking | heat stroke | heatstroke | hypothermi* | frostbit* | freezing to death
        ! in labour | giving birth | water broke | miscarr* | diabetic shock
        ! swell* | swollen ~ tongue | lips | throat
        throat | eyes > closing
        face > swelling | swells | huge | puffing
        ! lips | fingers | face > blue | grey | gray | purple
        ! slurring | slurred
        ! hand | arm | sleeve | hair | fingers | leg | foot > in the machine | in the roller | in the escalator
        | in the grinder | in the press | in the drain
        not making sense | not making any sense | talking nonsense | talks funny | talking funny
        stopped shivering | not shivering
        snoring > weird | funny | strange | stopped
        pacemaker | defibrillator > zapped | shock* | fired
        sugar is | sugar's | glucose is ~ shak* | confus* | nonsense | sweat*
        bleeding | blood everywhere | blood all over | bleeds
        spurting | gushing > blood | wrist | arm | leg | neck
        hit by | struck by | run over by | knocked down by > car | truck | bus | streetcar | van | bike
        | train | scooter
        {PERSON} > pinned | crushed | impaled | trapped | stuck under
        {PERSON} > hurt | injured | dying > badly | under | bleeding | help
        ! fell | fallen | slipped | tripped > can't get up | can't move | can't stand | can't walk | broke his
        | broke her | hit his head | hit her head | hit my head | unconscious | cracked his
        ! fell | fallen > off | from > ladder | roof | scaffold* | balcony | window
        ! send | need | call > ambulance | paramedic* | ems | 911
        medical emergency | life or death | need police now | need help now
        lying | laying | lies | curled up | sprawled > in the snow | snowbank | since yesterday
        | since last night | for hours | on the tracks | on the road | all night | all day | hours
        haven't | hasn't | nobody has | not been > seen | heard from | answered > days | week | since | door
        ! grand* | old man | old lady | elderly | senior | neighbour | he's | she's | he | she > not answering
        | isn't answering | doesn't answer | mail piling | papers are piling | hasn't been seen
        ! {MACHINE} ~ power | electricity | outage | running out | battery
        ! trapped | stuck > in the elevator | in elevator | inside it | in a car | in the car | in my car
        | in her car | in a machine | in a trench
        ! poked | pricked | stepped on > needle | syringe
        crawling out | climbing out | crawl out | climb out > windshield | wreck | bus window*
        crash | collision | accident > trapped | hurt | injured | bleeding | people inside | just now
        ! flipped | rolled over | overturned | upside down > someone | people | driver | inside | ramp
        """,
        """
        ... {WILD} ~ dead | dying | injured | hurt | not moving | bleeding | stuck | trapped | limping
        | sick | hit by ...
        ... tree | trees | branch* | grass | lawn | plant* | ash | maple | oak | elm ~ dead | dying | hurt ...
        someone > will | could | is going to | might ...
        before > someone | anyone | a kid ...
        could | might | will | would | going to > get hurt | be hurt | be killed | be hit | get hit | fall
        | trip | slip ...
        not > seen | heard | answered > truck | plow | crew | city | response | email | landlord | bill ...
        overdose > kit* | training | prevention | sites
        cpr course | cpr class | first aid | ambulance bill* | dying of boredom | line isn't moving
        almost | nearly > hit | run over | killed
        face paint* | bleeding heart* | dying to | bleeding money | bleeding sap | nose bleed* | unconscious bias | cpr training
        choking on dust | choking dust | traffic is choking | overdose of salt
        ... heart attack | stroke > bill | lol | haha | tax* ...
        claim | compensat* | sue ~ fell | tripped | slipped ...
        """,
    ),
    (
        "animal",
        """
        ! {FIERCE} > attack* | maul* | biting | bit | charging | lunging | chasing | growling > now | me
        | people | kid* | child* | someone | man | woman | toddler | boy | girl | her | him | person
        dog | pitbull | snake > attack | attacks | bit
        ! rabid
        {FIERCE} ~ by the leg | by the arm | by the throat | by the neck | by the sleeve | in its mouth
        ! {PET} > left in | locked in | trapped in | shut in | in a hot | in a parked | in a locked
        {PET} > in a car | in the car | in the red car > hot | sun | window* | degrees | panting
        windows up | windows closed | windows shut | hot car | locked car | parked car ~ {PET}
        ! {PET} > freezing | frozen | no water | no food | starving | heat stroke | being beaten
        | being kicked | tortured | fell through | hanging by
        ! kicking | beating | torturing | hurting | choking > dog | cat | puppy | kitten
        ! cougar | moose > is in | in the | on the | loose
        ! bear > in the yard | in my yard | loose
        """,
        """
        ... bit | bitten | bites ~ yesterday | last night | healed ...
        teddy bear* | dog park* | dog licen* | what if | bear with | bear statue
        ... how hot | illegal | ac on ...
        """,
    ),
    (
        "collapse",
        """
        ! building | roof | ceiling | wall > collapsed | caved in
        {STRUCTURE} > {FALLS}
        ! piece* | chunk* | bits | debris | brick* | slab* | panel* | ice sheet* | platform > {FALLS}
        collaps* | caved in | crumbling | about to fall | about to collapse | falling > {STRUCTURE}
        {GROUND} > collaps* | caved in | caving in | gave way | opened up | giving way | swallowed | sliding
        landslide | mudslide | sinkhole | sink hole
        {LID} ~ missing | gone | open | stolen | taken | pinched | uncovered | no cover | no lid | without | off | moved
        | shifted
        ! open sewer | open manhole
        ! deep | open | big | huge > hole | pit | shaft | trench > fence | kids | child* | no barrier
        | no cones | fall in | deep
        crane > swing* | over people | tilt* | lean* | wobbl*
        worker* | man | guy | roofer* | men | crew > no harness | without harness | no rope | not tied
        | no ropes
        overloaded | too many | packed > balcony | deck | porch
        wall | chimney | sign | pole | scaffold* | balcony | building | crane | roof > leaning | tilting
        | bulging | tipping | creaking
        floor | ceiling | wall | roof | beam > sloping | sagging | bowing | dropped | moved | sinking | cracking
        hanging | hangs | held | holding | swinging > by one | by a thread | by a corner | by a single
        blew over | fell over | toppled | crashed | came down | landed > on people | on folks | on kids
        | on someone | on us
        ! tree | ice > on a person | on someone | on people | on a man | on a woman | fell on | hit a man
        """,
        """
        price* | rent* | temperature | leaves | snow | rain | acorn* | paint | branch* | fruit | taxes
        | posters > fall* | fell | drop* | coming down
        fall leaf | fall program* | fall schedule | this fall | in the fall | next fall | fall clean*
        drop off | drop in | dropping off | dropped off | drop offs
        fell | falling | slipped | tripped > on the ice | on ice | off my bike | on the stairs | behind
        | asleep
        blocked | clogged | plugged | flood* | overflow* | back* up | smell ~ drain | catch basin | sewer
        | grate ...
        open house | open for | open on | doors open | open today | filled | air rights | agreement
        """,
    ),
)

RULES = tuple(
    Rule(kind, read_lines(tells, LISTS), read_lines(_ORDINARY + excuses, LISTS))
    for kind, tells, excuses in _TABLE
)
PHRASES = Finder(line for rule in RULES for line in (*rule.tells, *rule.excuses))
