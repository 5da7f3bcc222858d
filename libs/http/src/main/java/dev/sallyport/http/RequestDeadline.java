package dev.sallyport.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes connections on which no request comes to be: those that are in no request for a time,
/// however many bytes came meanwhile. A limit of silence alone lets a client hold a connection for
/// days, with a byte of its handshake or of a request's head now and then.
///
/// The time begins with the connection, and anew when no request is under way any more. It should
/// be longer than the limit of silence, so that a connection that rests between requests ends by
/// that. What was upgraded to another protocol is out of its reach.
///
/// To be the outermost handler of a server; starts and stops with it.
public final class RequestDeadline extends Handler.Wrapper {
  /// A connection lasts this part of the time too long, at most.
  private static final int LOOKS = 8;

  private final long most;
  private final Map<EndPoint, Activity> connections = new ConcurrentHashMap<>();
  private volatile boolean looking;

  /// What happens on one connection.
  private static final class Activity {
    private int underWay;
    private boolean upgraded;
    private long since = System.nanoTime();

    private synchronized void begun() {
      underWay++;
    }

    private synchronized void ended(boolean nowUpgraded) {
      underWay--;
      upgraded |= nowUpgraded;
      since = System.nanoTime();
    }

    private synchronized boolean isOver(long most) {
      return underWay == 0 && !upgraded && System.nanoTime() - since > most;
    }
  }

  /// @param most for which a connection may be in no request
  public RequestDeadline(Duration most, Handler inner) {
    super(inner);
    this.most = most.toNanos();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    var activity = of(onTheWire(request.getConnectionMetaData().getConnection().getEndPoint()));
    activity.begun();
    Request.addCompletionListener(
        request, _ -> activity.ended(response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101));
    return super.handle(request, response, callback);
  }

  /// What the connector knows: below TLS and a PROXY header.
  private static EndPoint onTheWire(EndPoint endPoint) {
    var lowest = endPoint;
    while (lowest instanceof EndPoint.Wrapper wrapper) {
      lowest = wrapper.unwrap();
    }
    return lowest;
  }

  private Activity of(EndPoint connection) {
    return connections.computeIfAbsent(connection, _ -> new Activity());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    looking = true;
    lookLater(getServer().getScheduler());
  }

  @Override
  protected void doStop() throws Exception {
    looking = false;
    super.doStop();
  }

  private void lookLater(Scheduler scheduler) {
    if (looking && scheduler.isRunning()) {
      scheduler.schedule(
          () -> {
            look();
            lookLater(scheduler);
          },
          most / LOOKS,
          TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    connections.keySet().removeIf(connection -> !connection.isOpen());
    for (var connector : getServer().getConnectors()) {
      for (var connection : connector.getConnectedEndPoints()) {
        if (of(connection).isOver(most)) {
          connection.close(new TimeoutException("no request came to be"));
        }
      }
    }
  }
}
