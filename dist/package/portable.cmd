@echo off
rem Starts @PROGRAM@ with the jars of ..\lib and a Java of this machine, 25 or newer: the one of SALLYPORT_JAVA_HOME,
rem else of JAVA_HOME, else of PATH. SALLYPORT_JAVA_OPTS adds options for it.
rem No blocks in parentheses below: a folder such as "Program Files (x86)" would end one.
setlocal EnableExtensions DisableDelayedExpansion
set "lib=%~dp0..\lib"
set "java="
set "seen="

if not defined SALLYPORT_JAVA_HOME goto home
set "candidate=%SALLYPORT_JAVA_HOME%\bin\java.exe"
set "from=SALLYPORT_JAVA_HOME"
call :use
if not defined java goto none
goto run

:home
if not defined JAVA_HOME goto path
set "candidate=%JAVA_HOME%\bin\java.exe"
set "from=JAVA_HOME"
call :use
if defined java goto run

:path
set "candidate="
for %%J in (java.exe) do set "candidate=%%~$PATH:J"
set "from=PATH"
call :use
if defined java goto run

:none
echo @PROGRAM@: needs Java 25 or newer, and found none.%seen% Install one, for example Temurin 25, or set JAVA_HOME to where it is. 1>&2
exit /b 1

:run
"%java%" "@%lib%\command.options" "@%lib%\portable.options" %SALLYPORT_JAVA_OPTS% -cp "%lib%\*" @MAIN@ %*
exit /b %ERRORLEVEL%

rem Takes the candidate if it is new enough; why not is kept for the message.
:use
if not defined candidate goto missing
if not exist "%candidate%" goto missing
set "version="
for %%F in ("%candidate%") do set "release=%%~dpF..\release"
if not exist "%release%" goto ask
for /f "usebackq tokens=1,2 delims==" %%K in ("%release%") do if "%%K"=="JAVA_VERSION" set "version=%%~L"
goto compare

:ask
for /f "tokens=2,3" %%K in ('^""%candidate%" -version 2^>^&1^"') do if "%%K"=="version" set "version=%%~L"

:compare
if not defined version goto broken
for /f "delims=.-+ " %%V in ("%version%") do set "major=%%V"
rem Before 9 they were called 1.8.
if "%major%"=="1" set "major=8"
if %major% geq 25 set "java=%candidate%"
if not defined java set "seen=%seen% %from% is Java %major%."
exit /b 0

:missing
set "seen=%seen% %from% has no java.exe."
exit /b 0

:broken
set "seen=%seen% %from% is no working Java."
exit /b 0
