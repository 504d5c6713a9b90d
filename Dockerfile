# The portal's image: web, workers and beat are one image with different commands (docker-compose.yml).

FROM node:22-slim AS pages
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home portal
WORKDIR /portal
# demo: with what the simulator needs (docker-compose.demo.yml).
ARG REQUIREMENTS=production
COPY requirements/ requirements/
RUN pip install --require-hashes --only-binary :all: -r requirements/${REQUIREMENTS}.txt
COPY --from=pages /portal/node_modules node_modules
COPY . .
# Static files belong to the image; the values here only let settings load, and reach nothing.
RUN PORTAL_MODE=demo SECRET_KEY=building DATA_KEYS=building INDEX_KEY=building LEDGER_KEY=building \
    DATABASE_URL=postgresql://building@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 STATIC_ROOT=/portal/staticfiles \
    python manage.py collectstatic --noinput --verbosity 0 \
 && mkdir /media /erasures /simulator && chown portal: /media /erasures /simulator
ENV STATIC_ROOT=/portal/staticfiles MEDIA_ROOT=/media BIND=0.0.0.0:8000
USER portal
VOLUME /media /erasures
EXPOSE 8000
CMD ["gunicorn", "-c", "python:jinju_portal.gunicorn", "jinju_portal.wsgi"]
