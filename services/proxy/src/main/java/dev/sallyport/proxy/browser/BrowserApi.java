package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlJson;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.api.ClusterView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// All that the web app can ask for, as routes. Before any work is done for a request: the rate of
/// its address, then that it comes from a page of this site.
public final class BrowserApi {
  private static final int NO_CONTENT = 204;

  private final BrowserDesk desk;
  private final WebSessions sessions;
  private final List<Operation<?, ?>> operations;
  private final Map<Rate, AddressLimiter> limiters = new HashMap<>();

  /// @param cluster asked at each request, since the port may not be known before
  public BrowserApi(Supplier<ClusterView> cluster, BrowserDesk desk, InstantSource clock) {
    this.desk = desk;
    this.sessions = new WebSessions(desk, clock);
    var all = new ArrayList<Operation<?, ?>>();
    all.add(
        Operation.get("/cluster", "Which cluster this is.", ClusterView.class, _ -> cluster.get()));
    all.addAll(new SignInOperations(desk, clock).all());
    all.addAll(new LinkOperations(desk).all());
    all.addAll(AccountOperations.all());
    all.addAll(new ConsoleOperations(desk).all());
    this.operations = List.copyOf(all);
    operations.forEach(
        operation -> limiters.computeIfAbsent(operation.rate(), AddressLimiter::new));
  }

  List<Operation<?, ?>> operations() {
    return operations;
  }

  /// Adds the routes to a server.
  public void addTo(RoutesConfig routes, Door door) {
    for (var operation : operations) {
      routes.addEndpoint(
          new Endpoint(
              operation.method(), operation.path(), context -> serve(context, door, operation)));
    }
  }

  private <Q, A> void serve(Context context, Door door, Operation<Q, A> operation) {
    var limiter = limiters.get(operation.rate());
    if (limiter != null) {
      door.limit(context, limiter);
    }
    if (!operation.method().equals(HandlerType.GET)) {
      SameSite.require(context);
    }
    Optional<Q> request =
        operation.asks().map(type -> ControlJson.request(door.json(context), type));
    var visit = new Visit(context, door.client(context), desk, sessions);
    var answer = operation.work().run(visit, request);
    if (answer.isPresent()) {
      context.contentType("application/json").result(ControlJson.bytes(answer.get()));
    } else {
      context.status(NO_CONTENT);
    }
  }
}
