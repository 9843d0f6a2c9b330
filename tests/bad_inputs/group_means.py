"""Tables of groups with their mean costs."""

import re

from tests.bad_inputs.cases import Case, text

JUST_SAID = ("--json",)
HEADER = "group,people,mean_cost\n"
CLASSES = "group,age,sex,people,mean_cost\n"


def line(number):
    return f"g{number},{1_000 + number},{1_500 + 250 * (number % 5)}\n"


SOUND = HEADER + "".join(line(number) for number in range(1, 9))
"""Eight groups as a whole."""

BY_AGE = CLASSES + "".join(
    f"g{number},{age},f,{500 + number},{cost + number % 5}\n"
    for number in range(1, 9)
    for age, cost in (("0-64", 1_500), ("65+", 6_000))
)


def meant(name, content, says, options=JUST_SAID):
    make = content if callable(content) else text(content, "practices.csv")
    return Case(name, make, says, command="groups", options=options)


def unlike(old, new, sound=SOUND):
    assert old in sound
    return sound.replace(old, new, 1)


def eight_groups(said, folder):
    assert (said["groups"], said["classes"]) == (8, [])
    assert said["learned"]["k"] < 0.5


def two_ages(said, folder):
    assert [row["ages"] for row in said["k"]] == ["all ages", "all ages"]


GROUP_MEANS = [
    meant("an empty file", "", "practices.csv: is empty"),
    meant("a header and no row", HEADER, "has no row below its header; give one row a group"),
    meant("no file", lambda folder: "practices.csv", "practices.csv: no such file"),
    meant("no group", unlike("group,", "name,"), "column group is not in the table; it needs"),
    meant(
        "a table of people",
        "age,sex,cost\n" + "40,f,12\n" * 9,
        "column people is not in the table; it needs .*one row a person is for `cells`",
    ),
    meant(
        "a table of people, one in each row",
        HEADER + "".join(f"p{n},1,{n}\n" for n in range(20)),
        "column people: is 1 in every row, so these are people and not groups",
    ),
    meant("no cost", unlike("mean_cost", "cost"), "column mean_cost is not in the table"),
    meant(
        "mean cost and total cost",
        "group,people,mean_cost,total_cost\na,1000,2,2000\n",
        "columns mean_cost and total_cost are both there; leave one of them out",
    ),
    meant("a group without a name", unlike("g1,", ","), "column group, row 2.*needs a group"),
    meant("nobody in a group", unlike("1001", "0"), "column people, row 2, value '0': give the"),
    meant("fewer than nobody", unlike("1001", "-5"), "column people, row 2, value '-5': give the"),
    meant(
        "numbers in words",
        unlike("1001", "a thousand"),
        "column people, row 2, value 'a thousand': write numbers without units",
    ),
    meant(
        "a thousands separator",
        unlike("1750", '"1,750"'),
        "column mean_cost, row 2, value '1,750': write numbers without units",
    ),
    meant("a cost that is missing", unlike("1750", ""), "column mean_cost, row 2, value ''"),
    meant(
        "a negative cost", unlike("1750", "-1"), "column mean_cost, row 2, value '-1': give 0 to"
    ),
    meant("an infinite cost", unlike("1750", "inf"), "column mean_cost, row 2, value 'inf'"),
    meant(
        "a group twice", unlike("g2,", "g1,"), "column group, row 3, value 'g1': it is there twice"
    ),
    meant(
        "an age and sex of a group twice",
        unlike("g1,65+", "g1,0-64", BY_AGE),
        "value 'g1': it is there twice with this age and sex; give one row a group",
    ),
    meant("an age that is missing", unlike("0-64", "", BY_AGE), "column age, row 2, value ''"),
    meant("one group", HEADER + line(1), "holds one group; 5 are the fewest"),
    meant("four groups", HEADER + "".join(map(line, range(4))), "holds 4 groups; 5 are the"),
    meant(
        "the same mean cost everywhere",
        HEADER + "".join(f"g{n},{n + 5},100\n" for n in range(9)),
        "every group has the same mean cost; there is nothing to learn from",
    ),
    meant(
        "no cost at one age",
        re.sub(r",600\d\n", ",0\n", BY_AGE),
        "every cost of 65\\+, f is 0; leave those rows out",
    ),
    meant(
        "ages in months",
        CLASSES + "".join(f"g{n},{n * 30 + a},f,50,{9 + n}\n" for n in range(9) for a in range(30)),
        "columns age and sex: make 270 classes, and 200 are the most; put ages into bands",
    ),
    meant("a tolerance of 100%", SOUND, "tolerance 100: give 0.1 to 50", ("--tolerance", "100")),
    Case(
        "groups as a whole",
        text(SOUND, "practices.csv"),
        answer=eight_groups,
        told="Without age and sex the table hardly tells k, and the answer says so.",
        command="groups",
        options=JUST_SAID,
    ),
    Case(
        "two ages and one sex",
        text(BY_AGE, "practices.csv"),
        answer=two_ages,
        told="With one class on each side of 65 the halves are not told apart: k is that of all "
        "ages.",
        command="groups",
        options=JUST_SAID,
    ),
]
