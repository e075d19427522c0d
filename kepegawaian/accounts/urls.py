"""Pages of one's own account, beside those of allauth under the same /akun/."""

from django.urls import path

from kepegawaian.accounts import views

app_name = "accounts"
urlpatterns = [
    path("aktivasi/", views.activate, name="activate"),
    path("aktivasi/kata-sandi/", views.activate_password, name="activate_password"),
    path("aktivasi/<str:code>/", views.activate_link, name="activate_link"),
    path("kunci-sandi/", views.passkey, name="passkey"),
    path("saya/", views.me, name="me"),
    path("token/", views.tokens, name="tokens"),
    path("token/<uuid:uid>/cabut/", views.revoke_token, name="revoke_token"),
]
