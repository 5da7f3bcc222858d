package dev.sallyport.proxy.browser;

import dev.sallyport.control.admission.Rate;
import io.javalin.http.HandlerType;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One thing that the web app may ask for: the single source of its route and of its part of the
/// OpenAPI document.
///
/// @param method how; everything but GET changes something
/// @param path under which
/// @param summary what it does, in one sentence
/// @param asks type of the request's body
/// @param answers type of the answer's body
/// @param rate how often one address may ask for it and its like
record Operation<Q, A>(
    HandlerType method,
    String path,
    String summary,
    Optional<Class<Q>> asks,
    Optional<Class<A>> answers,
    Rate rate,
    Work<Q, A> work) {
  /// All paths begin with this.
  static final String ROOT = "/v1/web";

  /// Does it.
  interface Work<Q, A> {
    /// @param request empty if the operation takes no body
    Optional<A> run(Visit visit, Optional<Q> request);
  }

  /// Something that takes a body.
  interface Asking<Q, A> {
    A run(Visit visit, Q request);
  }

  /// Something that takes a body and says nothing.
  interface Telling<Q> {
    void run(Visit visit, Q request);
  }

  /// Reads something.
  static <A> Operation<Void, A> get(
      String path, String summary, Class<A> answers, Function<Visit, A> work) {
    return new Operation<>(
        HandlerType.GET,
        ROOT + path,
        summary,
        Optional.empty(),
        Optional.of(answers),
        Rate.BROWSER,
        (visit, _) -> Optional.of(work.apply(visit)));
  }

  /// Takes a body and answers with one.
  static <Q, A> Operation<Q, A> post(
      String path, String summary, Class<Q> asks, Class<A> answers, Asking<Q, A> work) {
    return new Operation<>(
        HandlerType.POST,
        ROOT + path,
        summary,
        Optional.of(asks),
        Optional.of(answers),
        Rate.BROWSER,
        (visit, request) -> Optional.of(work.run(visit, request.orElseThrow())));
  }

  /// Takes a body and answers with nothing.
  static <Q> Operation<Q, Void> tell(String path, String summary, Class<Q> asks, Telling<Q> work) {
    return new Operation<>(
        HandlerType.POST,
        ROOT + path,
        summary,
        Optional.of(asks),
        Optional.empty(),
        Rate.BROWSER,
        (visit, request) -> {
          work.run(visit, request.orElseThrow());
          return Optional.empty();
        });
  }

  /// Ends something.
  static Operation<Void, Void> delete(String path, String summary, Consumer<Visit> work) {
    return new Operation<>(
        HandlerType.DELETE,
        ROOT + path,
        summary,
        Optional.empty(),
        Optional.empty(),
        Rate.BROWSER,
        (visit, _) -> {
          work.accept(visit);
          return Optional.empty();
        });
  }

  /// The same at another rate.
  Operation<Q, A> at(Rate other) {
    return new Operation<>(method, path, summary, asks, answers, other, work);
  }
}
