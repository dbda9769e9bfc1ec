using CustomExecutor.EngineApi;

return await CommandLine.Run(args);
