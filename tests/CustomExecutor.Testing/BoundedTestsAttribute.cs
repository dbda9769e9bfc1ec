using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

namespace CustomExecutor.Testing;

/// <summary>
/// Bounds each test of an assembly, whatever it waits for. xunit's own Timeout has to be said at each test, and
/// synchronous tests can't have one.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BoundedTestsAttribute : BeforeAfterTestAttribute
{
    /// <summary>Far longer than any test takes on a busy machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>For a cancelled test to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Timer> _bounds = new();

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var (context, ticks) = (TestContext.Current, 0);
        _bounds[test.UniqueID] = new Timer(
            _ =>
            {
                if (ticks++ == 0)
                {
                    context.CancelCurrentTest();
                }
                else
                {
                    Environment.FailFast(
                        $"{test.TestDisplayName} did not end within {Longest + Grace}, though it was cancelled."
                    );
                }
            },
            null,
            Longest,
            Grace
        );
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_bounds.TryRemove(test.UniqueID, out var bound))
            bound.Dispose();
    }
}
