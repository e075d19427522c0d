from evaluations.urls import cycles, execution, follow_up, plans, ratings

app_name = "evaluations"
urlpatterns = [
    *plans.urlpatterns,
    *execution.urlpatterns,
    *ratings.urlpatterns,
    *follow_up.urlpatterns,
    *cycles.urlpatterns,
]
