package dev.sallyport.audit;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads one component of a record. The first time makes a function of the accessor, which the
/// compiler can see through; reflection costs more than writing the value does. Safe for any
/// thread: the function may be made twice.
final class RecordAccessor {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private final Method method;
  private volatile @Nullable Function<Object, Object> function;

  RecordAccessor(Method method) {
    this.method = method;
  }

  Object of(Object owner) {
    Function<Object, Object> known = function;
    if (known == null) {
      known = make(method);
      function = known;
    }
    return known.apply(owner);
  }

  @SuppressWarnings("unchecked")
  private static Function<Object, Object> make(Method method) {
    try {
      var lookup = MethodHandles.privateLookupIn(method.getDeclaringClass(), LOOKUP);
      var target = lookup.unreflect(method);
      return (Function<Object, Object>)
          LambdaMetafactory.metafactory(
                  lookup,
                  "apply",
                  MethodType.methodType(Function.class),
                  MethodType.methodType(Object.class, Object.class),
                  target,
                  target.type().wrap())
              .getTarget()
              .invoke();
    } catch (Throwable impossible) {
      throw new IllegalStateException("cannot read " + method, impossible);
    }
  }
}
