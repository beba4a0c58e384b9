# The assistant: Rasa with the model, which is trained while the image is built.
# Build from the project's folder: docker build -f deploy/images/rasa.Dockerfile -t ask311-rasa:0.1.0 .
FROM python:3.10.18-slim-bookworm AS build
COPY bot/requirements.txt /build/requirements.txt
# A few small packages exist as source only; none of them has anything to compile.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --no-binary docopt,mattermostwrapper,randomname \
        --require-hashes -r /build/requirements.txt
ENV RASA_TELEMETRY_ENABLED=false PYTHONHASHSEED=0 TF_CPP_MIN_LOG_LEVEL=3
WORKDIR /srv/ask311
COPY bot bot
COPY services_catalog/encoder services_catalog/encoder
RUN /opt/venv/bin/rasa train --config bot/config.yml --domain bot/domain --data bot/data \
    --out bot/models --fixed-model-name ask311

FROM python:3.10.18-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    RASA_TELEMETRY_ENABLED=false \
    TF_CPP_MIN_LOG_LEVEL=3 \
    TF_INTRA_OP_PARALLELISM_THREADS=1 \
    TF_INTER_OP_PARALLELISM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    MALLOC_ARENA_MAX=2
RUN useradd --system --uid 10311 --user-group --no-create-home ask311
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/ask311
COPY LICENSE ./
COPY bot bot
COPY services_catalog/encoder services_catalog/encoder
COPY --from=build /srv/ask311/bot/models/ask311.tar.gz bot/models/ask311.tar.gz
RUN python -m compileall -q bot
USER 10311:10311
EXPOSE 5005
CMD ["rasa", "run", "--model", "bot/models/ask311.tar.gz", "--endpoints", "bot/endpoints.yml", \
    "--credentials", "bot/credentials.yml", "--interface", "0.0.0.0", "--port", "5005"]
