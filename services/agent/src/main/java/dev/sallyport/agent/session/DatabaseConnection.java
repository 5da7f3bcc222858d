package dev.sallyport.agent.session;

import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.agent.http.Inbound;
import dev.sallyport.agent.http.RequestFault;
import dev.sallyport.agent.http.RequestReader;
import dev.sallyport.agent.upstream.UpstreamFailure;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.control.ViewStanding;
import dev.sallyport.dynamodb.AwsHome;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.AwsPartition;
import dev.sallyport.model.Database;
import dev.sallyport.model.Route;
import dev.sallyport.pki.VerifiedUser;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.EnumMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a user whose identity is proven, behind its [RequestReader]: one request at a
/// time, each by a [RequestRun]. All on the channel's event loop.
final class DatabaseConnection extends ChannelInboundHandlerAdapter {
  /// How long a refused request's remaining bytes are read, so that a reset does not take the
  /// answer away from the client.
  private static final long LINGER_SECONDS = 2;

  /// How long a connection that is one too many may take to send the request that is told so.
  private static final long TURNED_AWAY_SECONDS = 2;

  /// How long a stopping agent waits for a request that is on its way already.
  private static final long LAST_REQUEST_MILLIS = 500;

  /// How old a request may be and still wait for a view to judge it by: longer than a stream of
  /// changes that was lost takes to come back while Auth is there.
  private static final long SIGHT_NANOS = 2_000_000_000;

  private static final long LOOK_MILLIS = 25;

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseConnection.class);

  private final DataPath path;
  private final Guest guest;
  private final RequestReader reader;
  private final Judge judge;
  private final AwsHome home;
  private final EnumMap<AwsService, DatabaseMetadata> metadata = new EnumMap<>(AwsService.class);
  private final EnumMap<AwsService, String> destinations = new EnumMap<>(AwsService.class);
  private final DatabaseSession session;
  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestRun run;
  private @Nullable ScheduledFuture<?> taking;
  private boolean draining;
  private boolean ended;
  private Optional<String> full = Optional.empty();

  /// Who is connected to what.
  ///
  /// @param client the client's address as the Proxy told it, for the record
  record Guest(VerifiedUser user, Route route, Database database, String client) {}

  DatabaseConnection(DataPath path, Guest guest, RequestReader reader) {
    this.path = path;
    this.guest = guest;
    this.reader = reader;
    this.judge =
        new Judge(
            path.facts(), path.clock(), guest.user(), guest.database(), path.records().serverId());
    var labelled = path.facts().labelled(guest.database());
    var aws = labelled.aws();
    this.home =
        new AwsHome(AwsPartition.ofRegion(aws.region()).id(), aws.region(), aws.accountId());
    for (var service : AwsService.values()) {
      var uri = path.databases().destination(guest.database().name(), service).toString();
      destinations.put(service, uri);
      var route = guest.route();
      metadata.put(service, DatabaseMetadata.of(labelled, uri, route.dbUser(), route.dbName()));
    }
    this.session =
        path.sessions()
            .opened(guest.user().identity(), guest.route(), metadata(AwsService.DYNAMODB));
  }

  DataPath path() {
    return path;
  }

  DatabaseSession session() {
    return session;
  }

  AwsHome home() {
    return home;
  }

  String database() {
    return guest.database().name();
  }

  DatabaseMetadata metadata(AwsService service) {
    var found = metadata.get(service);
    if (found == null) {
      throw new IllegalStateException("no metadata of " + service);
    }
    return found;
  }

  /// Where requests to a service go, as it was when the connection began.
  String destination(AwsService service) {
    var found = destinations.get(service);
    if (found == null) {
      throw new IllegalStateException("no destination of " + service);
    }
    return found;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isWritable() {
    return context != null && context.channel().isWritable();
  }

  EventLoop loop() {
    return ctx().channel().eventLoop();
  }

  void onLoop(Runnable task) {
    loop().execute(task);
  }

  /// Runs a part of a request's way that stands outside of the channel's own calls; a fault in it
  /// ends this connection, and nothing else.
  void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      ctx().pipeline().fireExceptionCaught(e);
    }
  }

  private Judgement judge() {
    var judgement = judge.judge();
    if (judgement instanceof Judgement.Allowed allowed) {
      judgement = path.sessions().admit(session, allowed);
    }
    path.sessions().judged(session, judgement, guest.client());
    return judgement;
  }

  /// Runs this at once; or, while the view of the cluster is too old to judge this user by, in a
  /// moment. Nothing is refused because a machine had no time for a second: what is judged then is
  /// judged by the view of then.
  ///
  /// @param sinceNanos when the request came, by [System#nanoTime()]
  void whenInSight(long sinceNanos, Runnable then) {
    if (ended || !isOutOfSight() || System.nanoTime() - sinceNanos >= SIGHT_NANOS) {
      then.run();
      return;
    }
    ctx()
        .executor()
        .schedule(
            () -> guarded(() -> whenInSight(sinceNanos, then)), LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private boolean isOutOfSight() {
    return path.facts().standing(path.clock().instant()) != ViewStanding.FRESH
        && judge.judge() instanceof Judgement.Stale;
  }

  /// May the connection's user make a request now?
  Judgement judgeRequest() {
    if (full.isPresent()) {
      return new Judgement.Busy(full.get());
    }
    if (!path.databases().isCurrent(guest.database())) {
      return gone();
    }
    var judgement = judge();
    return judgement instanceof Judgement.Allowed allowed
        ? path.sessions().active(session, allowed)
        : judgement;
  }

  /// The config file says something else of the database than when the connection began.
  Judgement.Gone gone() {
    return new Judgement.Gone(
        path.databases().get(database()).isPresent()
            ? "The configuration of database \"%s\" was changed; try again.".formatted(database())
            : "This Database Service no longer serves database \"%s\".".formatted(database()));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    full = path.seats().sit(user(), database());
    if (full.isPresent()) {
      turnAway(ctx, full.get());
      return;
    }
    var _ = judge();
  }

  /// There is no room for this connection: it lives until its first request is told so, or for a
  /// short time.
  private void turnAway(ChannelHandlerContext ctx, String reason) {
    LOG.atWarn()
        .addKeyValue("sessionId", session.key.sessionId())
        .addKeyValue("reason", reason)
        .log("A connection is one too many");
    ctx.executor().schedule(() -> ctx.close(), TURNED_AWAY_SECONDS, TimeUnit.SECONDS);
  }

  private String user() {
    return guest.user().identity().user();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch ((Inbound) message) {
      case HeldRequest held -> {
        var head = held.head();
        var next =
            new RequestRun(
                this, held, new AnswerWriter(ctx, head.http11(), head.keepAlive() && !draining));
        run = next;
        next.start();
        watchTaking(ctx);
      }
      case RequestFault fault -> {
        path.meter().fault(fault);
        var writer = new AnswerWriter(ctx, true, false);
        writer.own(Answers.of(fault).answer(AwsService.DYNAMODB, path.records().ids().next()));
        ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /// The run is over; goes on with the next request or ends the connection.
  void finished(boolean keepAlive) {
    run = null;
    watchTaking(ctx());
    if (keepAlive && !draining) {
      reader.resume();
    } else {
      ctx().close();
    }
  }

  /// Closes when the present answer is written, which says so. Without one it waits a moment: a
  /// request may be on its way, and would be cut off without an answer; it is the last one.
  void drain() {
    draining = true;
    if (run == null) {
      awaitLast();
    }
  }

  /// What has begun to come may come to its end, for as long as the agent waits for answers.
  private void awaitLast() {
    ctx()
        .executor()
        .schedule(
            () -> {
              if (run == null && reader.isReading()) {
                awaitLast();
              } else if (run == null) {
                ctx().close();
              }
            },
            LAST_REQUEST_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (run != null) {
      run.resume();
    }
    watchTaking(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  /// Runs a timer while a request's answer waits for the client to read.
  private void watchTaking(ChannelHandlerContext ctx) {
    boolean waits = run != null && !ended && !ctx.channel().isWritable();
    if (!waits && taking != null) {
      taking.cancel(false);
      taking = null;
    } else if (waits && taking == null) {
      long limit = path.limits().answer().toMillis();
      taking = ctx.executor().schedule(() -> cutOff(ctx), limit, TimeUnit.MILLISECONDS);
    }
  }

  /// The rest of the answer is read from AWS and dropped, so that the outcome is on record.
  private void cutOff(ChannelHandlerContext ctx) {
    LOG.atWarn()
        .addKeyValue("sessionId", session.key.sessionId())
        .addKeyValue("database", database())
        .log("A client that does not read its answer was cut off");
    draining = true;
    end(ctx);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(ctx);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.atDebug()
        .setCause(cause)
        .addKeyValue("sessionId", session.key.sessionId())
        .log("A connection failed");
    ctx.close();
  }

  private void end(ChannelHandlerContext ctx) {
    if (ended) {
      return;
    }
    ended = true;
    watchTaking(ctx);
    if (full.isEmpty()) {
      path.seats().leave(user(), database());
    }
    path.sessions().closed(session, ctx.channel().eventLoop());
    if (run != null) {
      run.clientGone();
    }
  }

  /** One line and no trace: the journal tells the cause once, and this comes with every request. */
  void noRecord(AuditUnavailable cause) {
    LOG.atError()
        .addKeyValue("database", database())
        .addKeyValue("reason", cause.getMessage())
        .log("A request was refused since it cannot be put on record");
  }

  void noCredentials(CredentialOutcome.NoAgentCredentials none) {
    LOG.atError()
        .addKeyValue("database", database())
        .addKeyValue("hint", none.hint())
        .log("A request was refused for want of AWS credentials");
  }

  void notReached(UpstreamFailure failure) {
    LOG.atWarn()
        .addKeyValue("database", database())
        .addKeyValue("cause", failure.reason())
        .log("AWS cannot be reached");
  }

  private ChannelHandlerContext ctx() {
    var ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return ctx;
  }
}
