"""The words that EHRs' screens are made of, for telling them from data: whoever is called Mark or Will isn't in here.

A list by hand. What isn't in it is doubtful, and what is doubtful isn't written down (outline.py).
"""

from __future__ import annotations

import re

_WORDS = """
a about above access accessibility accessible account accounting accounts action actions activate active activity add
added additional address addresses admin administer administration administrator administrators advanced after
agreement agreements alert alerts all allow allowed alternate amount an and another any app application applications
apply appointment appointments approve apps archive are as ask assign assigned assignment associate associated at
attach attachments audit authorities authority authorization authorizations authorize auto automatic available back
balance bank bar basic batch before below between bill biller billers billing birth board body book both box branch
branches bulk business but button by bypass calendar call cancel capabilities capability card cards carrier carriers
category center centers change changes charge charges chart charts chat check choose city claim claims class classes
classic clear clearance clearinghouse click clinic clinical clinics clock close closed code codes collapse collections
color column columns comment comments communication company complete config configuration configure confirm
confirmation connect connection contact contacts content contract contracts control controls copy correspondence count
country county create created credential credentials credit criteria current custom customer customize daily dashboard
data database date dates days deactivate default defaults delete deleted demographics department departments deposit
deposits description designation desktop detail details device devices diagnosis directory disable disabled discount
discounts display document documents done down download draft drawer drop due duplicate duration e-mail edit editing
edits education effective electronic email emergency employee employees employer employment empty enable enabled
encounter encounters end enhanced ent enter entitlement entitlements entity entries entry equipment erase error errors
events exam exams exception exceptions exit expand expiration expire expired expires export external extra failed
favorites fax feature features federal fee fees female file files filter filters final financial find finish first
flag for forename forgot form format forms free frequency friday from fulfillment full function functions gender
general generate given go grade grades group group-name groups guardian handle has header help hidden hide history
home hour hours how icon id identifier if image images import in inactive include included info information initial
initials inner insert instructions insurance insurances integration integrations interface interfaces internal
inventory invitation invitations invoice invoices is issue item items job job-title keep key kind lab laboratories
laboratory labs language last layout ledger legal lens lenses letter letters level library license licenses limit line
lines link links list lists live load loading location locations lock locked log logged login login-id logins logo
logoff logon logout logs mail main maintenance male manage management manager manufacturer manufacturers many map
master match materials maximum me medical medication member members menu merge message messages messaging method
methods middle minimum minutes miscellaneous missing mobile mode model modified modify module modules monday month
monthly more move multiple my name names navigation new next nickname no none not note notes notification
notifications npi number numbers of off office offices ok on one online only open operation operations optical option
optional options or order orders other our out outside over overview own owner panel parent partner partners passcode
passphrase password passwords patient patients pay payer payers payment payments payroll pending per performance
period permission permissions permitted person personal personnel phone photo picture pin place plan plans please
policies policy portal position positions posting postings practice practices preference preferences preferred prefix
prescription prescriptions preview previous price prices primary print printer printers priority privacy privilege
privileges procedure procedures processing product products profile profiles profit program provider providers
provisional public pulse purchase quality quantity query queue quick rate rates re-enter read reason recall recalls
receive received recent reconciliation record records refer referral referrals referring refresh refund region
register registration relation release remember remittance remove rename renew repeat replace report reports request
requests require required reset resource resources responsible restrict restricted restriction restrictions result
results resume retail return returns retype revconnect review revolution revolutionehr revpayments right rights role
roles room rooms roster row rows rule rules run sales saturday save saved scan schedule scheduled scheduler schedules
scheduling scope screen search second section sections secure security see select selected selection send sent service
services session sessions set setting settings setup sex shift shifts show sign signature signed signin signon single
site sites size social software solution solutions sort source specialty staff staffing standard start state statement
statements status step stock stop store stores street submit submitted suffix summary sunday supervisor supplier
suppliers support surname suspend switch symbol sync system systems tab table tag task tasks tax taxes team teams temp
template templates temporary terms test text thank the their then this thursday time times timezone title titles to
today toggle tool tools top total totals track transaction transactions transfer tree trigger tuesday two type types
undo unlock unpaid until unused update updates upload usage use user userid username users utilities utility valid
value values vendor vendors verify version view views vision visit visits void was website wednesday week weekdays
weekend weekly what when where which wizard work worker workers workflow workflows workspace year yearly yes you your
zip zone
"""

KNOWN = frozenset(_WORDS.split())
_LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)?")


def words_in(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return _LETTERS.findall(text)


def is_known(word: str) -> bool:
    """True for a word that screens are made of, and for a single letter."""
    low = word.casefold()
    return len(low) == 1 or low in KNOWN


def all_known(text: str) -> bool:
    """True when every word of it is known, there is one, and no digit."""
    found = words_in(text)
    return bool(found) and all(map(is_known, found)) and not any(c.isdigit() for c in text)
