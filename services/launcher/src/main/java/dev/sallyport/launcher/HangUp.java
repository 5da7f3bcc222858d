package dev.sallyport.launcher;

import java.lang.reflect.Proxy;

/// Takes the signal HUP, which ends a Java process unless somebody does.
///
/// Java has no other door to signals than `sun.misc.Signal`; where that is missing, or there is no
/// such signal, as on Windows, nobody can ask.
final class HangUp {
  private HangUp() {}

  /// @param then runs on a thread of the JVM's with each signal
  static void take(Runnable then) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var taking =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      then.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" ->
                        arguments != null
                            && System.identityHashCode(self)
                                == System.identityHashCode(arguments[0]);
                    default -> "hang-up";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), taking);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // The signal keeps its usual meaning.
    }
  }
}
