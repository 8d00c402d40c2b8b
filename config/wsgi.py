import os

from django.core.wsgi import get_wsgi_application

from reviews.embedded.parent import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
end_with_parent()
application = get_wsgi_application()
