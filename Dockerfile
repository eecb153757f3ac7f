# The bot in a container: slim, not root, with a Chromium. Which role it plays is its command: run, web, worker, clock.
FROM python:3.13-slim-bookworm

# tini reaps what a killed browser leaves behind; the headless shell is all of Chromium that the bot uses.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-liberation libatomic1 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 onespot \
    && install -d -o onespot -g onespot -m 0700 /data

WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --quiet --no-cache-dir --require-hashes -r requirements.lock
COPY storage storage
COPY automation automation
COPY sandbox sandbox
COPY bot bot
COPY manifest.yml ./
RUN pip install --quiet --no-cache-dir --no-deps --no-build-isolation --editable . && onespot --help >/dev/null

USER onespot
WORKDIR /data
ENV ONESPOT_EVIDENCE=/data/evidence PORT=3000
EXPOSE 3000
ENTRYPOINT ["tini", "--", "onespot"]
CMD ["run"]

# Of `run` and `web`; worker and clock serve no page, so compose.yaml switches it off for them.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
