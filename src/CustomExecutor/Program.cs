using CustomExecutor;
using CustomExecutor.Attempt;

var runner = StageInput.OfThisProcess();
InternalError.EndProcessWith(runner.SystemFailureExitCode);
return await CommandBoundary.Run(runner, () => CommandLine.Run(args, runner));
