using CustomExecutor;
using CustomExecutor.Core.Job;
using CustomExecutor.Host;
using CustomExecutor.Stages;

var runner = StageInput.OfThisProcess();
try
{
    return await CommandLine.Run(args, runner);
}
catch (DriverException e)
{
    JobLogSink.Write($"ERROR: {e.Message}");
    return runner.ExitCodeFor(e.Kind);
}
