"""Page furniture: the lines around an article that are no part of it. This file is their only home."""

from __future__ import annotations

import re

_SITE = r"(?:facebook|twitter|x|instagram|youtube|linkedin|whatsapp|telegram|tiktok|pinterest|reddit|threads|bluesky)"
_BUTTON = (
    rf"(?:{_SITE}|share(?: this(?: (?:story|article|page|post))?)?"
    r"|tweet|e-?mail|print|save|comments?|messenger|flipboard|copy link|link copied"
    r"|sms|more|home|sign in|sign up|log ?in|register|subscribe|newsletters?|menu|search|close|follow us|listen live"
    r"|watch live|report an error|rss|reply|cancel reply|submit|next|previous|back to top|republish)"
)
_OF_PAGES = r"(?: (?:stories|articles|news|posts|content|links|topics|coverage|reading|reads))?"

# Whole lines, whatever their case (but no furniture begins with a small letter: that is a wrapped line).
FURNITURE: tuple[str, ...] = (
    # buttons and menus
    rf"{_BUTTON}(?:[\s|,/·•]+{_BUTTON})*",
    rf"(?:share|post|send|print|save)(?: this| it)?(?: (?:story|article|page|post|link))?(?: (?:on|via|by|to) {_SITE})",
    r"(?:share|send|print|save|gift) (?:this|the) (?:story|article|page|post|link)",
    r"[\d.,]+[km]? (?:shares?|comments?|retweets?|likes?|views?|reactions?)",
    r"[^|]{1,30}+(?:\|[^|]{1,30}+){2,}+",
    r"home\s*(?:[>›»/][^>›»/]{1,40}+)++",
    r"skip (?:to |past )?(?:the )?(?:main )?(?:content|navigation|advertisement|ad|newsletter.{0,40})",
    r"(?:loading|please wait)",
    rf"(?:follow|like|find|join|watch) (?:us|me|him|her|them|@?\w+(?: \w+){{0,3}}) on {_SITE}\b.{{0,60}}",
    r"(?:listen to|watch|print|hear) this (?:story|article|video)",
    r"\d+\+?[ -]min(?:ute)?s?[ -]read",
    r"\d+ (?:minutes?|hours?|days?) ago",
    # newsletters and subscriptions
    r"(?:sign[ -]up|subscribe)(?: (?:now|today|here|free))? (?:for|to|and get)\b.{0,160}",
    r"(?:get|receive)\b.{0,120}\b(?:in your (?:e-?mail )?inbox|newsletters?|delivered)\b.{0,80}",
    r".{0,120}\b(?:straight|delivered|directly|direct|right) (?:in)?to your (?:e-?mail )?inbox\b.{0,80}",
    r"\W*subscribe(?: (?:now|today|here))?(?:\W.{0,80})?",
    r"(?:enter )?your e-?mail(?: address)?(?: here)?",
    r"(?:already a subscriber|thank you for (?:subscribing|reading|signing up))\b.{0,80}",
    # other pages
    r"(?:read|see|view|hear|watch) (?:more|also|next)(?:\s*(?:[:|>»→–—-].{0,160}"
    r"|(?:on|about|at|here|from)\b.{0,100}))?",
    r"read (?:the )?(?:full|rest of the|original|whole) (?:story|article|report|post)\b.{0,60}",
    r"(?:more|related|recommended|see also|also read|don['’]t miss|must[ -]read|trending|you may also like)"
    r"\s*:.{0,160}",
    r"(?:related|recommended|similar)" + _OF_PAGES,
    r"(?:tags?|topics?|filed under|posted in|categor(?:y|ies)|keywords)\s*:.{0,160}",
    # advertisements
    r"(?:advertisements?|advertising|sponsored|promoted|paid content|ad)(?: content| links| stories)?",
    r"advertisement\s*[-–—:·|]\s*.{0,60}",
    r"(?:story|article|report|content|text)? ?continues? (?:reading )?(?:below|after|beneath)\b.{0,60}",
    r"continue reading\b.{0,60}",
    # cookies, terms, rights
    r"(?:we|this (?:web ?)?site|our (?:web ?)?sites?)(?: and (?:our|its) partners)? uses? cookies\b.{0,400}",
    r"by (?:continuing|using|clicking|browsing|visiting|signing up|subscribing)\b.{0,160}"
    r"\b(?:cookies?|terms|privacy|you agree|consent)\b.{0,160}",
    r"(?:accept|reject|allow|manage)(?: all)?(?: our)? cookies\b.{0,60}",
    r"(?:cookie|privacy)(?: and (?:cookie|privacy))? (?:policy|notice|settings|preferences|statement)",
    r"terms (?:of (?:use|service|sale)|and conditions|& conditions)(?:\W.{0,60})?",
    r".{0,80}\b(?:enable|turn on|requires?) javascript\b.{0,100}",
    r"(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4})).{0,200}",
    r".{0,100}\ball rights reserved\b.{0,120}",
    r"this (?:material|article|story) may not be (?:published|reproduced|copied)\b.{0,120}",
    # readers and writers
    r"(?:view|show|see|load|hide|post|add|write|join)(?: all| more| your| a| the)?(?: \d+)? (?:comments?|conversation)",
    r"comments (?:are )?(?:closed|off|disabled|\(\d+\)).{0,80}",
    r"what do you think\?.{0,80}@.{0,60}",
    r"\(?(?:additional |further )?(?:reporting|writing|editing)(?: and (?:reporting|writing|editing))? by .{0,240}",
    # what a plain text keeps of a page's skeleton
    r"(?:<[^<>]*+>[^\w<]*+)++",
    r"!?\[[^\]]*\]\([^)]*\)",
)
# From such a line on, everything is furniture.
LAST: tuple[str, ...] = (
    r"leave a (?:reply|comment)(?: cancel reply)?",
    r"(?:post|add) a comment(?: cancel reply)?",
    r"your e-?mail(?: address)? will not be published\b.{0,120}",
    r"this site uses akismet\b.{0,120}",
    r"join the conversation",
)
# After such a line, the lines of a list or of headlines are furniture.
LISTS: tuple[str, ...] = (
    r"(?:related|recommended|most (?:read|popular|viewed|shared)|trending(?: now)?|latest|top|see also|don['’]t miss"
    r"|read (?:also|next|more)|you (?:may|might) (?:also )?(?:like|be interested in)|what to read next)" + _OF_PAGES,
    r"(?:more|also) (?:from|on|in) (?:this|the|our)\b.{0,40}",
)
# A label alone: "FULL TEXT."
LABEL = re.compile(r"[A-Z]{3,}(?: [A-Z]{2,})?[.:]?")
BULLET = re.compile(r"(?:[-*+•‣◦·–—>]|\d{1,2}[.)])\s+")

LONGEST = 420  # characters of the longest line that can be furniture


def _whole(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + r")[\s.:!…>»→*]*", re.IGNORECASE | re.DOTALL)


_FURNITURE, _LAST, _LISTS = _whole(FURNITURE), _whole(LAST), _whole(LISTS)


def is_furniture(line: str) -> bool:
    """Whether a line (stripped) is a piece of a page and not of an article.

    >>> is_furniture("Share   Tweet   Email"), is_furniture("advertisement."), is_furniture("They share a border.")
    (True, False, False)
    """
    if len(line) > LONGEST or line[:1].islower():
        return False
    return not any(map(str.isalpha, line)) or bool(_FURNITURE.fullmatch(line))


def is_last(line: str) -> bool:
    """Whether a line opens the comment form that ends a page.

    >>> is_last("Leave a Reply"), is_last("They left a reply.")
    (True, False)
    """
    return len(line) <= LONGEST and bool(_LAST.fullmatch(line))


def opens_list(line: str) -> bool:
    """Whether a line is the heading of links to other pages.

    >>> opens_list("Related stories"), opens_list("Related stories emerged on Friday.")
    (True, False)
    """
    return len(line) <= LONGEST and bool(_LISTS.fullmatch(line))
