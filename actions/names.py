"""The names that actions and the assistant share, the same as in bot/domain/ (held by a test)."""

from __future__ import annotations

from enum import StrEnum


class Move(StrEnum):
    """What a resident does with a message, as the assistant reads it."""

    ASK = "ask"
    REPORT = "report"
    FIND_PLACE = "find_place"
    CASE_STATUS = "case_status"
    CASE_UPDATE = "case_update"
    GIVE_LOCATION = "give_location"
    CORRECT = "correct"
    OUT_OF_SCOPE = "out_of_scope"
    CHOOSE = "choose"
    AFFIRM = "affirm"
    DENY = "deny"
    ASK_PERSON = "ask_person"
    REPEAT = "repeat"
    RESTART = "restart"
    GREET = "greet"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    HELP = "help"
    BOT_CHALLENGE = "bot_challenge"
    FEEDBACK = "feedback"
    # Rasa's own name for a message that fits no move well.
    UNCLEAR = "nlu_fallback"


class Action(StrEnum):
    """What the assistant can do."""

    ANSWER = "action_answer"
    FIND_PLACE = "action_find_place"
    CHOOSE = "action_choose"
    ASK_PERSON = "action_ask_person"
    SMALL_TALK = "action_small_talk"
    REPEAT = "action_repeat"
    RESTART = "action_restart"


class Wording(StrEnum):
    """Fixed texts, worded in bot/domain/responses.<language>.yml."""

    GREET = "utter_greet"
    GOODBYE = "utter_goodbye"
    THANKS = "utter_thanks"
    HELP = "utter_help"
    BOT_CHALLENGE = "utter_bot_challenge"
    FEEDBACK = "utter_feedback"
    RESTART = "utter_restart"
    ACKNOWLEDGE = "utter_acknowledge"
    WHICH = "utter_which"
    WHICH_AGAIN = "utter_which_again"
    NONE_OF_THESE = "utter_none_of_these"
    NOT_FOUND = "utter_not_found"
    NOT_FOUND_MATTER = "utter_not_found_matter"
    NOT_FOUND_AGAIN = "utter_not_found_again"
    ELSEWHERE = "utter_elsewhere"
    # Places
    ASK_LOCATION = "utter_ask_location"
    ASK_LOCATION_AGAIN = "utter_ask_location_again"
    LOCATION_GIVEN_UP = "utter_location_given_up"
    LOCATION_OUTSIDE = "utter_location_outside"
    LOCATION_TAKEN = "utter_location_taken"
    WHICH_LOCATION = "utter_which_location"
    CONFIRM_LOCATION = "utter_confirm_location"
    PLACES = "utter_places"
    NO_PLACES = "utter_no_places"
    NO_MORE_PLACES = "utter_no_more_places"
    PLACE = "utter_place"
    PERSON = "utter_person"
    NOTHING_TO_REPEAT = "utter_nothing_to_repeat"


class Outcome(StrEnum):
    """What a reply is: some of the outcomes of triage's public contract."""

    ANSWER = "answer"
    CHOICES = "choices"
    NOT_FOUND = "not_found"
    PLACE = "place"
    SMALL_TALK = "small_talk"
