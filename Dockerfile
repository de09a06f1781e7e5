# The service and the `profiles` command.
#   docker build -t profile-service .                          CPU
#   docker build -t profile-service:cuda --target cuda .       NVIDIA GPU; run it with --gpus all
# Without ConnectionStrings the stores are SQLite files in /data: mount a volume there.
# The service listens on every address of the container, and so asks for API keys (Auth__Mode): `profiles keys create` makes them.

# Builds on the machine's own processor, for the one asked for.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS source
ARG TARGETARCH
# The code is checked before it is merged; an SDK newer than that check must not fail the image.
ENV RunAnalyzers=false
WORKDIR /source
# What decides the packages comes first, so that a change of code restores nothing.
COPY Directory.Build.props Directory.Packages.props global.json ./
COPY src/ProfileService/ProfileService.csproj src/ProfileService/
COPY src/ProfileService.Cli/ProfileService.Cli.csproj src/ProfileService.Cli/
COPY src/ProfileService.Client/ProfileService.Client.csproj src/ProfileService.Client/
RUN dotnet restore src/ProfileService.Cli -a $TARGETARCH
COPY models/ models/
COPY src/ src/

# The command brings the service along; the service goes last, so that its files are its own.
FROM source AS build
ARG TARGETARCH
RUN dotnet publish src/ProfileService.Cli -a $TARGETARCH --no-restore -p:UseAppHost=false -o /app
RUN dotnet publish src/ProfileService -a $TARGETARCH --no-restore -p:UseAppHost=false -o /app
RUN mkdir /data

FROM source AS build-cuda
ARG TARGETARCH
RUN dotnet restore src/ProfileService.Cli -a $TARGETARCH -p:Cuda=true
RUN dotnet publish src/ProfileService.Cli -a $TARGETARCH --no-restore -p:Cuda=true -p:UseAppHost=false -o /app
RUN dotnet publish src/ProfileService -a $TARGETARCH --no-restore -p:Cuda=true -p:UseAppHost=false -o /app
RUN mkdir /data

# ONNX Runtime is built against CUDA 13 and cuDNN 9.
FROM nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04 AS cuda
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3t64 && rm -rf /var/lib/apt/lists/*
COPY --from=mcr.microsoft.com/dotnet/aspnet:10.0-noble /usr/share/dotnet /usr/share/dotnet
ENV PATH=/usr/share/dotnet:$PATH APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true
WORKDIR /app
COPY --from=build-cuda /app ./
COPY --from=build-cuda --chown=$APP_UID:$APP_UID /data /data
ENV DOTNET_EnableDiagnostics=0 ORT_DISABLE_TELEMETRY=1 Auth__Mode=Keys Data__Directory=/data Model__Provider=Cuda
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "profiles.dll", "health"]
ENTRYPOINT ["dotnet", "ProfileService.dll"]

# Chiseled: no shell, no package manager. It has libstdc++ and libgcc, all that ONNX Runtime needs besides libc.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS service
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
# Without diagnostics .NET opens no socket in /tmp, so that the root file system can be read-only. ONNX Runtime reports to its maker unless told not to.
ENV DOTNET_EnableDiagnostics=0 ORT_DISABLE_TELEMETRY=1 Auth__Mode=Keys Data__Directory=/data
# For a container of 256 MB: besides its heap the process takes 70 MB, and the health check runs in there, too. So the heap gets 56 % (in hexadecimal),
# not .NET's 75 %, as one heap, not one a processor; and libc gives back what is free. The heap's range of addresses (not memory) is 256 GiB, as it
# is without a limit: with the range that .NET derives from so small a limit, floods of large bodies ended in OutOfMemoryException.
ENV DOTNET_GCHeapHardLimitPercent=0x38 DOTNET_GCRegionRange=0x4000000000 DOTNET_gcServer=0 MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "profiles.dll", "health"]
ENTRYPOINT ["dotnet", "ProfileService.dll"]
