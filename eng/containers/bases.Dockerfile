# Stand-ins for the base images of Dockerfile and docker-compose.yml, made of three file trees of this machine (engine imports them):
# a small Debian, the libraries that .NET needs and nothing else, and this machine's .NET. A target an image.

FROM stand-in/debian AS sdk
COPY --from=stand-in/dotnet / /usr/share/dotnet
ENV PATH=/usr/share/dotnet:$PATH DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
ENV NUGET_CERT_REVOCATION_MODE=offline SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt

# As Microsoft's chiseled image: no shell, the user app.
FROM stand-in/libraries AS aspnet
COPY --from=stand-in/dotnet /dotnet /usr/share/dotnet/dotnet
COPY --from=stand-in/dotnet /host /usr/share/dotnet/host
COPY --from=stand-in/dotnet /shared /usr/share/dotnet/shared
ENV PATH=/usr/share/dotnet APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080
ENV DOTNET_RUNNING_IN_CONTAINER=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true
USER $APP_UID

FROM stand-in/debian AS redis
WORKDIR /data
RUN chown redis:redis /data
VOLUME /data

FROM stand-in/debian AS postgres
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
RUN install -d -o postgres -g postgres -m 1777 $PGDATA && install -d -o postgres -g postgres -m 3777 /var/run/postgresql
VOLUME $PGDATA
COPY --chmod=755 postgres-entrypoint /usr/local/bin/
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres-entrypoint"]
CMD ["postgres"]
