"""What nothing can be faster than, on the same server and client: see docs/performance.md."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from kepegawaian.employees.models import EmployeeNumber


@login_not_required
def plain(request: HttpRequest) -> HttpResponse:
    """HTML without a database."""
    return HttpResponse("<!doctype html><title>.</title><p>.</p>")


@login_not_required
def rows(request: HttpRequest) -> HttpResponse:
    """One indexed SELECT of 25 rows in a template."""
    return render(request, "bench/rows.html", {"rows": EmployeeNumber.objects.order_by("pk")[:25]})


@csrf_exempt
@login_not_required
def insert(request: HttpRequest) -> HttpResponse:
    """One INSERT and COMMIT."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_floor (word) VALUES (%s)", ["."])
    return HttpResponse(".")
