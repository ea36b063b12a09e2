"""Make the invented population: the same people for the same (count, seed), on every machine."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from ekyc.registry import names, places
from ekyc.registry.expiry import LAW_2023_IN_FORCE, add_years, age_on, expected_expiry
from ekyc.registry.number import PersonalNumber
from ekyc.registry.person import Card, CardKind, CardStatus, LifeStatus, Person, Sex
from ekyc.registry.sample_people import make_samples
from ekyc.registry.store import RegistryStore, Seeding

VERSION = 1  # raise when the same (count, seed) would give other people
AS_OF = date(2026, 7, 1)  # the day on which the population is drawn; never the clock, or runs would differ
BARCODE_CARDS_SINCE = date(2016, 1, 1)
CHIP_CARDS_SINCE = date(2021, 1, 23)
MAJORITY = 18


def make_person(
    rng: random.Random,
    *,
    full_name: str | None = None,
    sex: Sex | None = None,
    date_of_birth: date | None = None,
    province: str | None = None,
    kind: CardKind | None = None,
    date_of_issue: date | None = None,
    status: CardStatus = "valid",
    life_status: LifeStatus = "alive",
    guardian_number: str | None = None,
    portrait: bytes | None = None,
) -> Person:
    """One person; what is not given is drawn. The date of expiry always follows the law.

    kind and date_of_issue have to fit together (can_cuoc from 2024-07-01); ValueError otherwise. Nobody is
    given a card with barcode unless ``kind`` asks for one.
    """
    sexes: tuple[Sex, Sex] = ("male", "female")
    own_sex: Sex = rng.choice(sexes) if sex is None else sex
    date_of_birth = date_of_birth or _birthday(rng)
    province = province or places.pick_birth_province(rng)
    issue = date_of_issue or _issue_day(rng, date_of_birth, kind)
    actual = _kind_on(issue)
    if kind not in (None, actual):
        raise ValueError(f"a card issued on {issue} is not of the kind {kind}")
    place_of_birth = places.old_place(rng, province)
    adult_in_2015 = age_on(date_of_birth, date(2015, 1, 1)) >= 14
    return Person(
        number=PersonalNumber.draw(rng, province, own_sex, date_of_birth.year).text,
        full_name=full_name or names.make_name(rng, own_sex),
        date_of_birth=date_of_birth,
        sex=own_sex,
        nationality="Việt Nam",
        place_of_origin=place_of_birth if rng.random() < 0.7 else places.old_place(rng, province),
        place_of_birth=place_of_birth,
        place_of_residence=places.residence(rng, issue),
        card=Card(actual, issue, expected_expiry(date_of_birth, issue), status),
        life_status=life_status,
        old_number=f"09{rng.randrange(10_000_000):07d}" if adult_in_2015 else None,
        guardian_number=guardian_number,
        portrait=portrait,
    )


def build_population(count: int, seed: int) -> tuple[list[Person], dict[str, str]]:
    """``count`` people, the sample citizens first, and sample id -> number.

    Raises ValueError when count is smaller than the number of sample citizens.
    """
    samples = make_samples(_rng(f"samples/{seed}"), make_person)
    people = {person.number: person for person in samples.values()}
    if count < len(people):
        raise ValueError(f"count has to be at least {len(people)}, the sample citizens")
    rng = _rng(f"population/{seed}")
    adults = [person for person in people.values() if age_on(person.date_of_birth, AS_OF) >= 30]
    while len(people) < count:
        person = _citizen(rng, adults)
        if person.number in people:
            continue
        people[person.number] = person
        if person.life_status == "alive" and 28 <= age_on(person.date_of_birth, AS_OF) <= 50:
            adults.append(person)
    return list(people.values()), {key: person.number for key, person in samples.items()}


def seed_registry(store: RegistryStore, count: int, seed: int) -> bool:
    """Fill the store; False when it already holds exactly this population."""
    wanted = Seeding(VERSION, count, seed)
    if store.seeding() == wanted:
        return False
    people, samples = build_population(count, seed)
    store.replace_all(people, samples, wanted)
    return True


def _rng(stream: str) -> random.Random:
    return random.Random(stream)  # noqa: S311 - invented people, nothing secret; the same on every machine


def _citizen(rng: random.Random, adults: list[Person]) -> Person:
    dob = _birthday(rng)
    if age_on(dob, AS_OF) < MAJORITY:
        return _minor(rng, dob, adults)
    fate = rng.random()
    if fate < 0.03:
        return make_person(rng, date_of_birth=dob, life_status="deceased", status="cancelled")
    if fate < 0.05:
        return make_person(rng, date_of_birth=dob, status="cancelled")
    if fate < 0.07:
        return make_person(rng, date_of_birth=dob, status="replaced")
    return make_person(rng, date_of_birth=dob)


def _minor(rng: random.Random, dob: date, adults: list[Person]) -> Person:
    """A child in the household of an adult 20 to 45 years older, of the same family name and home."""
    fitting = [a for a in adults if 20 <= dob.year - a.date_of_birth.year <= 45]
    guardian = rng.choice(fitting or adults)
    sex: Sex = rng.choice(("male", "female"))
    family = guardian.full_name.split()[0]
    child = make_person(
        rng,
        full_name=names.make_name(rng, sex, family=family),
        sex=sex,
        date_of_birth=dob,
        guardian_number=guardian.number,
    )
    issues = (child.card.date_of_issue, guardian.card.date_of_issue)
    if len({day >= places.TWO_TIER_SINCE for day in issues}) == 2:
        return child  # one address is written the old way and one the new
    return replace(child, place_of_residence=guardian.place_of_residence)


def _birthday(rng: random.Random) -> date:
    """A birth date that leaves the person 1 to 95 years old on ``AS_OF``, children and elderly included."""
    low, high = rng.choices(((1, 14), (14, 18), (18, 60), (60, 95)), (10, 6, 66, 18))[0]
    first = add_years(AS_OF, -high)
    return first + timedelta(days=rng.randrange((add_years(AS_OF, -low) - first).days))


def _kind_on(issue: date) -> CardKind:
    if issue >= LAW_2023_IN_FORCE:
        return "can_cuoc"
    return "cccd_chip" if issue >= CHIP_CARDS_SINCE else "cccd_barcode"


def _issue_day(rng: random.Random, dob: date, kind: CardKind | None) -> date:
    """A working day for a card: chip cards from the age of 14, 2024 cards from birth."""
    if kind == "cccd_barcode":
        start = max(BARCODE_CARDS_SINCE, add_years(dob, 14))
        if start >= CHIP_CARDS_SINCE:
            raise ValueError("nobody under 14 got a card with barcode")
        return start + timedelta(days=rng.randrange((CHIP_CARDS_SINCE - start).days))
    old_law = (max(CHIP_CARDS_SINCE, add_years(dob, 14)), LAW_2023_IN_FORCE)
    new_law = (max(LAW_2023_IN_FORCE, dob + timedelta(days=30)), AS_OF)
    chip_possible = old_law[0] < old_law[1]
    if kind == "cccd_chip" and not chip_possible:
        raise ValueError("nobody under 14 got a chip card before 2024-07-01")
    chip = kind == "cccd_chip" or (kind is None and chip_possible and rng.random() < 0.6)
    first, end = old_law if chip else new_law
    day = first + timedelta(days=rng.randrange((end - first).days))
    # offices are closed on Sundays; stay inside the range
    return day if day.weekday() != 6 or day + timedelta(days=1) >= end else day + timedelta(days=1)
