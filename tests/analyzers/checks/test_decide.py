from analyzers.checks._decide import Case
from analyzers.results import Verdict


def test_a_fail_beats_a_partial_and_both_are_shown():
    case = Case()
    case.lower("half done", "Dockerfile", 3)
    case.fail("not done", "Dockerfile", 9)
    result = case.decide("all good", fix="do it")
    assert (result.verdict, result.score) == (Verdict.FAIL, 0)
    assert result.summary == "Not done (line 9)"
    assert [finding.message for finding in result.findings] == ["not done", "half done"]
    assert result.fix.text == "do it"


def test_a_doubt_turns_a_pass_and_a_partial_into_unknown_but_not_a_fail():
    case = Case()
    case.doubt("a script is downloaded", "Dockerfile", 4)
    assert case.decide("all good").verdict is Verdict.UNKNOWN
    case.lower("half done")
    assert case.decide("all good").summary == "A script is downloaded (line 4)"
    case.fail("not done")
    assert case.decide("all good").verdict is Verdict.FAIL


def test_notes_alone_leave_a_pass_and_its_summary():
    case = Case()
    case.note("worth knowing")
    result = case.decide("all good", fix="never shown")
    assert (result.verdict, result.summary, result.fix.text) == (Verdict.PASS, "all good", "")


def test_the_summary_counts_the_other_deciding_findings():
    case = Case()
    case.lower("one", line=1)
    case.lower("two", line=2)
    assert case.decide("all good").summary == "One (line 1), and 1 more"
