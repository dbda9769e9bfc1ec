using CustomExecutor;
using CustomExecutor.Attempt;

// The program's one clock; whatever needs it is given it from here.
#pragma warning disable RS0030
var time = TimeProvider.System;
#pragma warning restore RS0030

var runner = StageInput.OfThisProcess();
InternalError.EndProcessWith(runner.SystemFailureExitCode);
return await CommandBoundary.Run(runner, () => CommandLine.Run(args, runner, time));
