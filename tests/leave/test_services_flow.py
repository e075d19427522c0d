from leave.enums import RequestState


def test_a_submission_reserves_its_days_and_waits_for_the_superior(flow):
    request = flow.submitted()
    step = request.steps.get()
    assert (request.state, request.charged_days) == (RequestState.SUBMITTED, 5)
    assert (step.kind, step.holder) == ("opinion", flow.gov.section_head.user)
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_a_grant_takes_the_reserved_days(flow):
    request = flow.granted()
    assert request.state == RequestState.GRANTED
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)
