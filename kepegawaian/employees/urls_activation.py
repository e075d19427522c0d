from django.urls import path

from kepegawaian.employees import views_activation

app_name = "employee_activation"
urlpatterns = [
    path("", views_activation.index, name="index"),
    path("<uuid:pk>/", views_activation.unit, name="unit"),
]
