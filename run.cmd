@echo off
rem The same as ./run, for Windows. Needs Python 3.11 or newer.
setlocal
set "here=%~dp0"
for %%P in ("py -3" "python" "python3") do (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && (
    %%~P -X utf8 "%here%bootstrap.py" run %*
    exit /b
  )
)
echo chibo: can Python 3.11 tro len / Python 3.11 or newer is needed: https://www.python.org 1>&2
exit /b 1
