# The front door, the worker, the action server and the catalogue's import: one image, the command says which.
# Build from the project's folder: docker build -f deploy/images/services.Dockerfile -t ask311-services:0.1.0 .
FROM python:3.11.14-slim-bookworm AS build
COPY requirements/app.txt /build/app.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
        --require-hashes -r /build/app.txt

FROM python:3.11.14-slim-bookworm
ARG GIT_SHA=""
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    OMP_NUM_THREADS=1 \
    MALLOC_ARENA_MAX=2 \
    ASK311_MEDIA_DIR=/srv/media \
    ASK311_SEARCH_CACHE=/srv/search \
    ASK311_GIT_SHA=$GIT_SHA
# Only these folders are written to; a new volume takes over their owner.
RUN useradd --system --uid 10311 --user-group --no-create-home ask311 \
    && install -d -o ask311 -g ask311 /srv/media /srv/search
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/ask311
COPY LICENSE ./
COPY services_catalog services_catalog
COPY actions actions
COPY triage triage
RUN python -m compileall -q actions services_catalog triage
USER 10311:10311
EXPOSE 8000 8001 5055
CMD ["python", "-m", "triage", "serve", "--host", "0.0.0.0", "--port", "8000"]
