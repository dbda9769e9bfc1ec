using System.Text;

/// <summary>
/// Runs within the driver before its Main (DOTNET_STARTUP_HOOKS) and makes it fail where no code expects it. The driver
/// has no switch for that, and a published program has no hooks.
/// </summary>
internal static class StartupHook
{
    public const string Variable = "CUSTOM_EXECUTOR_TEST_CRASH";

    public const string Secret = "secret-of-the-exception";

    public static void Initialize()
    {
        // Main is at work when it prints.
        if (Environment.GetEnvironmentVariable(Variable) is { } where)
            Console.SetOut(new FailingWriter(where));
    }

    private static void Fail() => throw new InvalidOperationException(Secret, new FormatException(Secret));

    private sealed class FailingWriter(string where) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Crash();

        public override void Write(string? value) => Crash();

        public override void WriteLine(string? value) => Crash();

        private void Crash()
        {
            if (where == "main")
                Fail();
            var thread = new Thread(Fail);
            using var timer = new Timer(_ => Fail(), null, where == "timer" ? 0 : Timeout.Infinite, Timeout.Infinite);
            if (where == "thread")
                thread.Start();
            // Main waits without the console's lock, which whoever reports the failure needs.
            Monitor.Wait(Console.Out, TimeSpan.FromSeconds(30));
        }
    }
}
